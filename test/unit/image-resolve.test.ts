import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { ImageError } from "../../images/errors";
import { localBuild, localReference } from "../../images/local";
import { type BuildSpec, createResolver } from "../../images/resolve";
import { upstream } from "../../images/table";

describe("what an image reference becomes", () => {
  let context: string;
  const spec = (build: Partial<BuildSpec["build"]> = {}): BuildSpec => ({
    build: { context, dockerfile: "Dockerfile", baseImages: { NODE_IMAGE: upstream("node24") }, ...build },
  });
  const referenceOf = (image: string | BuildSpec, source: "upstream" | "local" = "local"): string => {
    const resolved = createResolver(source)(image);
    assert.equal(resolved.kind, "image");
    return resolved.kind === "image" ? resolved.reference : "";
  };

  beforeEach(() => {
    context = mkdtempSync(join(tmpdir(), "Twofold_App-"));
    writeFileSync(join(context, "Dockerfile"), "ARG NODE_IMAGE\nFROM $NODE_IMAGE\n");
  });
  afterEach(() => rmSync(context, { recursive: true }));

  it("stays as it is when images come from upstream, known or not", () => {
    assert.equal(referenceOf(upstream("redis7"), "upstream"), upstream("redis7"));
    assert.equal(referenceOf("example.org/other:1.0", "upstream"), "example.org/other:1.0");
  });

  it("is the local build's when images are built here", () => {
    const build = localBuild("redis7");
    assert.ok(build !== undefined);
    assert.equal(referenceOf(upstream("redis7")), localReference(build));
  });

  it("is unavailable, with the reason, for Grafana without upstream images", () => {
    const resolved = createResolver("local")(upstream("grafana"));
    assert.equal(resolved.kind, "unavailable");
    assert.match(resolved.kind === "unavailable" ? resolved.because : "", /set imageSource to upstream/);
  });

  it("is an error with both remedies for an image that the table does not know", () => {
    assert.throws(() => createResolver("local")("example.org/other:1.0"), {
      name: "ImageError",
      message:
        "image example.org/other:1.0 has no local build; set imageSource to upstream, or add an entry for it to images/table.ts",
    });
  });

  it("names a built image after its folder and target", () => {
    const name = basename(context)
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/-$/, "");
    assert.match(referenceOf(spec()), new RegExp(`^twofold\\.local/${name}:[0-9a-f]{12}$`));
    assert.match(referenceOf(spec({ target: "dev" })), new RegExp(`^twofold\\.local/${name}-dev:[0-9a-f]{12}$`));
  });

  it("changes a built image's tag with its files, its Dockerfile, its target and its base images", () => {
    const tagOf = (image: BuildSpec, source: "upstream" | "local" = "local") =>
      referenceOf(image, source).split(":")[1];
    const before = tagOf(spec());
    assert.equal(tagOf(spec()), before);
    assert.notEqual(tagOf(spec(), "upstream"), before);
    assert.notEqual(tagOf(spec({ target: "dev" })), before);
    assert.notEqual(tagOf(spec({ baseImages: {} })), before);
    writeFileSync(join(context, "main.ts"), "1");
    const withFile = tagOf(spec());
    assert.notEqual(withFile, before);
    writeFileSync(join(context, ".dockerignore"), "Dockerfile\nmain.ts\n.dockerignore\n");
    const ignored = tagOf(spec());
    writeFileSync(join(context, "main.ts"), "2");
    assert.equal(tagOf(spec()), ignored);
    writeFileSync(join(context, "Dockerfile"), "FROM scratch\n");
    assert.notEqual(tagOf(spec()), ignored);
  });

  it("does not depend on the order of the base images", () => {
    const [a, b] = [upstream("node24"), upstream("nginx")];
    assert.equal(referenceOf(spec({ baseImages: { A: a, B: b } })), referenceOf(spec({ baseImages: { B: b, A: a } })));
  });

  it("is unavailable when a base image is", () => {
    const resolved = createResolver("local")(spec({ baseImages: { X: upstream("grafana") } }));
    assert.equal(resolved.kind, "unavailable");
  });

  it("is an error that names the path when the context or the Dockerfile is missing", () => {
    const missing = (build: Partial<BuildSpec["build"]>) => () => createResolver("local")(spec(build));
    assert.throws(
      missing({ context: "/nowhere/app" }),
      new ImageError("build context /nowhere/app: /nowhere/app does not exist; correct the path"),
    );
    assert.throws(
      missing({ dockerfile: "Other" }),
      new ImageError(`build context ${context}: ${join(context, "Other")} does not exist; correct the path`),
    );
  });

  it("reads a build context once per resolver", () => {
    const resolver = createResolver("local");
    const before = resolver(spec());
    writeFileSync(join(context, "later.ts"), "");
    assert.deepEqual(resolver(spec()), before);
  });
});
