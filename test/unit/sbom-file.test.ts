import assert from "node:assert/strict";
import { createWriteStream, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { pack } from "tar-stream";
import { writeSbom } from "../../images/sbom/sbom";
import { ProgramsOnPath, printed } from "../support/programs-on-path";

/** An engine with one image, which it has to pull first where `absent` is there; it exports `archive`. */
const docker = `echo "$@" >>calls
case $1 in
  image) [ ! -e absent ] || { echo 'No such image' >&2; exit 1; }
    echo '[{"Id": "sha256:1", "Created": "2026-01-02T03:04:05.123456789Z", "Size": 1}]' ;;
  pull) rm absent ;;
  create) echo c0ffee ;;
  export) cat archive || { echo 'the engine is away' >&2; exit 1; } ;;
esac`;

describe("the bill of materials of an image", () => {
  let programs: ProgramsOnPath;
  const path = (name: string): string => join(programs.folder, name);
  const calls = (): readonly string[] => readFileSync(path("calls"), "utf8").trim().split("\n");
  beforeEach(async () => {
    programs = new ProgramsOnPath({ docker });
    const archive = pack();
    archive.entry({ name: "var/lib/dpkg/status" }, "Package: tar\nVersion: 1.34\n");
    archive.finalize();
    await pipeline(archive, createWriteStream(path("archive")));
  });
  afterEach(() => programs.remove());
  const write = (reference: string) => printed(() => writeSbom(reference, path("sbom")));

  it("is written into a file, and the container that it was read from is gone", async () => {
    const { result, lines } = await write("twofold.local/api:0123abcd");
    const file = path("sbom/api-0123abcd.cdx.json");
    assert.deepEqual([result, lines], [true, [`twofold.local/api:0123abcd: 1 components in ${file}`]]);
    const { components } = JSON.parse(readFileSync(file, "utf8")) as { readonly components: readonly object[] };
    assert.equal(components.length, 1);
    assert.deepEqual(calls().slice(-3), [
      "create twofold.local/api:0123abcd nothing",
      "export c0ffee",
      "rm --force c0ffee",
    ]);
  });

  it("is of an image that the engine gets first", async () => {
    writeFileSync(path("absent"), "");
    assert.equal((await write("postgres:15.14")).result, true);
    assert.equal(calls()[1], "pull --quiet postgres:15.14");
  });

  it("is none, with the reason, where the file system cannot be read", async () => {
    rmSync(path("archive"));
    const { result, lines } = await write("postgres:15.14");
    assert.equal(result, false);
    assert.match(
      lines[0] ?? "",
      /^what is in postgres:15\.14 cannot be seen: docker export ended with exit code 1: .*the engine is away/s,
    );
    assert.equal(calls().at(-1), "rm --force c0ffee");
  });
});
