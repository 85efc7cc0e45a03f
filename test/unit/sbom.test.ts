import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { pack } from "tar-stream";
import { contentsOf } from "../../images/sbom/contents";
import { bomOf } from "../../images/sbom/cyclonedx";
import { goBuildIn } from "../../images/sbom/go-modules";
import { matchesGolden } from "../support/golden";

const mark = "0123456789abcdef";

/** A text after its length, as Go writes it. */
function counted(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length: number[] = [];
  let rest = bytes.length;
  for (; rest >= 0x80; rest >>= 7) length.push((rest & 0x7f) | 0x80);
  return Buffer.concat([Buffer.from([...length, rest]), bytes]);
}

/** The part of a program in which Go notes what it was built from. */
function goNote(version: string, lines: readonly string[]): Buffer {
  const header = Buffer.alloc(32);
  header.write("\xff Go buildinf:", "latin1");
  header[15] = 2;
  return Buffer.concat([header, counted(version), counted(`${mark}${lines.join("\n")}\n${mark}`)]);
}

const program = Buffer.concat([
  Buffer.from("\x7fELF\x02\x01\x01 machine code, and the words \xff Go buildinf: themselves", "latin1"),
  goNote("go1.26.8 X:nodwarf5", [
    "path\texample.com/shop/cmd/api",
    "mod\texample.com/shop\t(devel)\t",
    "dep\tgithub.com/acme/log/v2\tv2.1.0\th1:abc=",
    "dep\tgithub.com/acme/old\tv1.0.0",
    "=>\tgithub.com/acme/new\tv1.0.1\th1:def=",
    "build\t-trimpath=true",
  ]),
]);

const dpkgStatus = `Package: libssl3
Status: install ok installed
Architecture: amd64
Source: openssl
Version: 3.0.17-1~deb12u2
Description: Secure Sockets Layer
 toolkit

Package: removed
Status: deinstall ok config-files
Architecture: amd64
Version: 1.0

Package: tzdata
Status: install ok installed
Architecture: all
Version: 1:2025b+0-0
`;

/** The file system of an image: content by path. */
function archiveOf(files: Readonly<Record<string, string | Buffer>>): ReturnType<typeof contentsOf> {
  const archive = pack();
  archive.entry({ name: "usr/lib/", type: "directory", mode: 0o755 });
  for (const [name, content] of Object.entries(files))
    archive.entry({ name, mode: name.includes("bin/") ? 0o755 : 0o644 }, content);
  archive.entry({ name: "etc/os-release", type: "symlink", linkname: "../usr/lib/os-release" });
  archive.finalize();
  return contentsOf(Readable.from(archive));
}

const debian = {
  "usr/lib/os-release": 'PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\nVERSION_ID="12"\n',
  "var/lib/dpkg/status": dpkgStatus,
  "usr/bin/api": program,
  "usr/local/bin/script": "#!/bin/sh\n",
  "app/node_modules/@acme/http/package.json": '{ "name": "@acme/http", "version": "1.2.3", "license": "MIT" }',
  "app/node_modules/@acme/http/node_modules/ms/package.json":
    '{ "name": "ms", "version": "2.1.3", "license": { "type": "MIT" } }',
  "other/node_modules/ms/package.json": '{ "name": "ms", "version": "2.1.3" }',
  "app/node_modules/ms/dist/package.json": '{ "type": "module" }',
  "app/node_modules/broken/package.json": "{ half",
  "app/package.json": '{ "name": "app", "version": "1.0.0" }',
};
const facts = {
  reference: "twofold.local/api:0123abcd",
  id: `sha256:${"ab".repeat(32)}`,
  created: "2026-01-02T03:04:05Z",
};

describe("what is in an image", () => {
  it("is a bill of materials that is the same each time, and as CycloneDX wants it", async () => {
    const bom = bomOf(facts, await archiveOf(debian));
    matchesGolden("sbom", bom);
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
    assert.equal(await validator.validate(JSON.stringify(bom)), null);
    const wrong = JSON.stringify({ ...bom, serialNumber: "urn:uuid:1" });
    assert.notEqual(await validator.validate(wrong), null);
  });

  it("is read of Alpine's packages, too", async () => {
    const found = await archiveOf({
      "lib/apk/db/installed":
        "C:Q1abc=\nP:musl\nV:1.2.5-r10\nA:x86_64\nL:MIT\nF:lib\n\nP:busybox\nV:1.37.0-r18\nA:x86_64\n",
      "usr/lib/os-release": "ID=alpine\nVERSION_ID=3.22.1\n",
    });
    assert.deepEqual(
      found.map(({ purl, license }) => [purl, license]),
      [
        ["pkg:apk/alpine/busybox@1.37.0-r18?arch=x86_64&distro=alpine-3.22.1", undefined],
        ["pkg:apk/alpine/musl@1.2.5-r10?arch=x86_64&distro=alpine-3.22.1", "MIT"],
      ],
    );
  });

  it("is read of images without a package manager", async () => {
    const found = await archiveOf({ "./var/lib/dpkg/status.d/base": "Package: base-files\nVersion: 12.4\n" });
    assert.deepEqual(
      found.map(({ purl }) => purl),
      ["pkg:deb/linux/base-files@12.4?distro=linux-"],
    );
  });
});

describe("what a Go program says of itself", () => {
  it("is read past the same words elsewhere", () => {
    assert.deepEqual(goBuildIn(program), {
      go: "go1.26.8",
      modules: [
        { path: "example.com/shop", version: "" },
        { path: "github.com/acme/log/v2", version: "v2.1.0" },
        { path: "github.com/acme/new", version: "v1.0.1" },
      ],
    });
  });

  for (const [what, given] of [
    ["no Go program", Buffer.from("\x7fELF something else")],
    ["one from before Go 1.18", Buffer.concat([Buffer.from("\xff Go buildinf:\x08\x00", "latin1"), Buffer.alloc(64)])],
    ["one that ends in the middle", program.subarray(0, program.length - 60)],
    ["nothing", Buffer.alloc(0)],
  ] as const)
    it(`is nothing for ${what}`, () => assert.equal(goBuildIn(given), undefined));
});
