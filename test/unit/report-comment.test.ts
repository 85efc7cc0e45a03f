import assert from "node:assert/strict";
import fc from "fast-check";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { type Block, compose } from "../../report/render/budget";
import { commentLimit, markerOf, renderComment } from "../../report/render/comment";
import { cell, code, fenced } from "../../report/render/markdown";
import { previewOf, reported } from "../support/previews";
import { hostileText, reports } from "../support/report-arbitrary";
import { shop, withFindings } from "../support/shop";

type Node = ReturnType<typeof fromMarkdown> | ReturnType<typeof fromMarkdown>["children"][number];

/** What a reader's Markdown makes of a text, as GitHub reads it, flattened. */
function nodesOf(markdown: string): readonly Node[] {
  const root = fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const all: Node[] = [root];
  for (const node of all) if ("children" in node) all.push(...node.children);
  return all;
}

const ownHtml = /^(<!-- preview-report [0-9a-f]{16} -->|<details><summary>[a-z0-9, ]*<\/summary>|<\/details>)$/;

/** Fails where a text that is not ours has become more than code. */
function isHarmless(markdown: string, link?: string): void {
  for (const node of nodesOf(markdown)) {
    if (node.type === "html") assert.match(node.value, ownHtml);
    if (node.type === "text") assert.doesNotMatch(node.value, /EVIL|@|#\d|evil/);
    if (node.type === "link") assert.equal(node.url, link);
    assert.ok(
      !["image", "imageReference", "linkReference", "definition", "footnoteReference"].includes(node.type),
      node.type,
    );
  }
}

describe("text in a comment that is not ours", () => {
  it("is one piece of code in a line, whatever it is", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const nodes = nodesOf(`- before ${code(text, 10_000)} after\n`);
        const codes = nodes.filter(({ type }) => type === "inlineCode");
        assert.equal(codes.length, 1);
        assert.deepEqual(
          nodes.flatMap((node) => (node.type === "text" ? [node.value] : [])),
          ["before ", " after"],
        );
      }),
    );
  });

  it("is one cell of a table, whatever it is", () => {
    fc.assert(
      fc.property(hostileText, hostileText, (a, b) => {
        const nodes = nodesOf(`| x | y |\n| --- | --- |\n| ${cell(a, 10_000)} | ${cell(b, 10_000)} |\n`);
        const cells = nodes.filter(({ type }) => type === "tableCell");
        assert.equal(cells.length, 4);
        for (const each of cells.slice(2))
          assert.deepEqual("children" in each && each.children.map(({ type }) => type), ["inlineCode"]);
      }),
    );
  });

  it("does not end the block that it is in", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const nodes = nodesOf(`\`\`\`text\n${fenced(text).join("\n")}\n\`\`\`\n\nafter\n`);
        assert.deepEqual(
          nodes.map(({ type }) => type),
          ["root", "code", "paragraph", "text"],
        );
      }),
    );
  });

  it("is never a link, HTML or a mention, wherever in a report it is", () => {
    fc.assert(
      fc.property(reports(hostileText, 3), (report) => {
        isHarmless(renderComment(report), report.runUrl);
      }),
      { numRuns: 60 },
    );
  });

  it("shows what it can of bars, backticks and long names", () => {
    assert.equal(code("a|b `c`\nd"), "`a|b 'c' d`");
    assert.equal(cell("a|b\\|c"), "`a\\|b\\ \\|c`");
    assert.equal(code("x".repeat(200)), `\`${"x".repeat(99)}…\``);
    assert.equal(code(" \u200b "), "`(empty)`");
  });
});

describe("the size of a comment", () => {
  const words = fc.string({ maxLength: 400, size: "max" });

  it("is within GitHub's limit, and within any other, for every report", () => {
    fc.assert(
      fc.property(reports(words, 9), fc.integer({ min: 4000, max: commentLimit }), (report, limit) => {
        const [usual, cut] = [renderComment(report), renderComment(report, limit)];
        assert.ok(usual.length <= commentLimit, `${usual.length}`);
        assert.ok(cut.length <= limit, `${cut.length} for ${limit}`);
        assert.ok(cut.startsWith(`${markerOf(report)}\n`));
      }),
      { numRuns: 10 },
    );
  }).timeout(60_000);

  it("is within GitHub's limit for a system of a thousand services that goes", () => {
    const many = (system: Parameters<ReturnType<typeof shop>>[0]): void => {
      for (let index = 0; index < 1000; index++)
        system.service(`worker-${index}`, { image: "shop/worker:1", volumes: { data: { path: "/data" } } });
    };
    const comment = renderComment(reported(previewOf(many, undefined)));
    assert.ok(comment.length <= commentLimit);
    assert.ok(comment.length > 0.9 * commentLimit, `${comment.length} of ${commentLimit} characters are used`);
    assert.match(comment, /… and \d+ more resources/);
    isHarmless(comment, "https://github.com/acme/shop/actions/runs/7");
  }).timeout(30_000);

  const block = (title: string, rank: number, lines: number): Block => ({
    ...{ title, rank, head: `# ${title}\n`, lines: Array.from({ length: lines }, (_, index) => `${title}${index}`) },
    more: (count) => `${count} more`,
  });

  it("is kept with every room that there may be", () => {
    const line = fc.string({ maxLength: 60, size: "max" }).map((text) => text.replaceAll("\n", " "));
    const part = fc.record(
      { rank: fc.nat(4), lines: fc.array(line, { maxLength: 25, size: "max" }), most: fc.integer({ min: 1, max: 12 }) },
      { requiredKeys: ["rank", "lines"] },
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 2, maxLength: 5 }), (parts) => {
        const blocks = parts.map((given, index) => ({ ...block(`b${index}`, 0, 0), ...given, tail: "tail\n" }));
        for (let limit = 100; limit < 3000; limit += 13) {
          const text = compose("begin\n", blocks, "end\n", limit);
          assert.ok(text.length <= limit, `${text.length} of ${limit}`);
          assert.ok(text.startsWith("begin\n") && text.endsWith("end\n"));
        }
      }),
      { numRuns: 200 },
    );
  }).timeout(30_000);

  it("takes lines from those of a higher rank first, and names what has none left", () => {
    const blocks = [block("a", 2, 50), block("b", 1, 4), block("c", 3, 1)];
    const cut = (limit: number) => compose("begin\n", blocks, "end\n", limit);
    assert.equal(cut(88), "begin\n# a\na0\na1\n48 more\n# b\nb0\nb1\nb2\nb3\n# c\nc0\nend\n");
    assert.equal(cut(80), "begin\n# b\nb0\nb1\nb2\nb3\n# c\nc0\n\nLeft out for want of room: a.\nend\n");
  });

  it("gives the room that nobody needs to those who do", () => {
    const lines = (text: string): number => text.match(/^a\d+$/gm)?.length ?? 0;
    assert.equal(lines(compose("", [block("a", 1, 50), block("b", 2, 1)], "", 400)), 50);
    assert.equal(lines(compose("", [block("a", 1, 50)], "", 10_000)), 50);
    assert.equal(compose("", [block("a", 1, 0)], "", 10), "");
  });
});

describe("findings of policies", () => {
  it("are a line each when they are mandatory, and a line for all that say the same when they are not", () => {
    const on = (name: string) => ({
      type: "docker:index/container:Container",
      name,
      policy: "p",
      message: `${name} is wrong`,
    });
    const names = ["shop-web", "shop-db"];
    const found = (level: "mandatory" | "warning") =>
      renderComment(
        reported(withFindings(previewOf(shop(), shop()), ...names.map((name) => ({ ...on(name), level })))),
      ).match(/^- .*`p` of.*$/gm);
    const [web, db] = ["`dev/shop/web` `Container` `shop-web`", "`dev/shop/db` `Container` `shop-db`"];
    assert.deepEqual(found("mandatory"), [
      `- **mandatory**, was there before: \`p\` of \`twofold\` on ${web}: \`shop-web is wrong\``,
      `- **mandatory**, was there before: \`p\` of \`twofold\` on ${db}: \`shop-db is wrong\``,
    ]);
    assert.deepEqual(found("warning"), [
      `- advisory, was there before: \`p\` of \`twofold\` on \`dev/shop/web\`, \`dev/shop/db\`: of the first: \`shop-web is wrong\``,
    ]);
  });
});

describe("the marker", () => {
  it("is the same for the same stacks in any order, and another one for others", () => {
    const marker = (...stacks: readonly string[]) =>
      markerOf(reported(...stacks.map((stack) => previewOf(undefined, undefined, "docker", stack))));
    assert.equal(marker("dev", "prod"), marker("prod", "dev"));
    assert.notEqual(marker("dev", "prod"), marker("dev"));
  });
});
