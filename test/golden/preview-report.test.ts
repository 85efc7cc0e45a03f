import type { Collected } from "../../report/events";
import { renderComment } from "../../report/render/comment";
import { matchesGoldenText } from "../support/golden";
import { previewOf, reported } from "../support/previews";
import { images, shop, withFindings } from "../support/shop";
import assert from "node:assert/strict";

const before = shop();
const branch = shop({ webImage: images.new, exposure: "public", data: false });
const container = { type: "docker:index/container:Container", name: "shop-web" };

const branchOnDocker = withFindings(
  previewOf(before, branch),
  {
    ...{ policy: "no-public-port", level: "mandatory", severity: "high", ...container },
    message: "shop-web publishes 8080 on every address; use the exposure loopback, or say why",
  },
  {
    ...{ policy: "backup-declared", level: "warning", severity: "medium" },
    ...{ type: "docker:index/container:Container", name: "shop-db" },
    message: "shop-db has no backup",
  },
);

const failed: Collected = {
  stack: "prod",
  failure: "Command failed with exit code 255",
  events: [
    ...previewOf(undefined, undefined).events.slice(0, -2),
    {
      diagnosticEvent: {
        severity: "error",
        message:
          '<{%reset%}>configuration of the stack: 1 problem\n  target: is "nomad"; use one of docker, kubernetes<{%reset%}>\n',
      },
    },
  ],
};

const cases = {
  "nothing-changes": [previewOf(before, before), previewOf(before, before, "kubernetes", "prod")],
  "first-deployment": [previewOf(undefined, before, "kubernetes", "prod")],
  branch: [branchOnDocker, previewOf(before, branch, "kubernetes", "prod")],
  "failed-program": [previewOf(before, shop({ webImage: images.new })), failed],
};

const many =
  (count: number): ReturnType<typeof shop> =>
  (system) => {
    before(system);
    for (let index = 0; index < count; index++)
      system.service(`worker-${index}`, { image: "shop/worker:1", volumes: { data: { path: "/data" } } });
  };

describe("the comment of a preview report", () => {
  for (const [name, previews] of Object.entries(cases))
    it(`is as in preview-report-${name}.md`, () => {
      matchesGoldenText(`preview-report-${name}`, renderComment(reported(...previews)), "md");
    });

  it("is cut to size by rank as in preview-report-huge-change.md", () => {
    const comment = renderComment(
      reported(previewOf(many(300), before), previewOf(before, branch, "kubernetes", "prod")),
      6000,
    );
    matchesGoldenText("preview-report-huge-change", comment, "md");
  });

  it("shows an image, a lost volume, an opened port and a policy with their causes above what is folded", () => {
    const comment = renderComment(reported(branchOnDocker));
    const [shown = ""] = comment.split("<details>");
    const wanted = [
      /\*\*lost\*\*: `dev\/shop\/db` `Volume` `shop-db\.data` is deleted: `volumes\.data of db is no longer described`/,
      /to \*\*the network\*\*: `dev\/shop\/web` `Container` `shop-web`: `ports` `0\.0\.0\.0:8080\/tcp`/,
      /\*\*mandatory\*\*, high, new: `no-public-port` of `twofold` on `dev\/shop\/web` `Container` `shop-web`/,
      /`shop\/web:1\.4\.2` `sha256:a{16}` → `shop\/web:1\.5\.0` `sha256:b{16}` in `dev\/shop\/web`/,
      /replace, a restart: `dev\/shop\/web` `Container` `shop-web`: `image` \(`shop\/web:1\.4\.2@sha256:a+…?` → /,
    ];
    for (const pattern of wanted) assert.match(shown, pattern);
  });
});
