import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readStackFile } from "../../config/stack-file";
import { problemsOf } from "../support/problems";

describe("a stack's file, read without Pulumi", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "stack-file-"));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: twofold\n");
    writeFileSync(join(folder, "Pulumi.dev.yaml"), "");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const read = (yaml: string) => {
    writeFileSync(join(folder, "Pulumi.prod.yaml"), yaml);
    return readStackFile(folder, "prod");
  };

  it("gives the configuration that Pulumi would give the program", () => {
    const config = read(`encryptionsalt: v1:salt
config:
  docker:host: unix:///somewhere
  twofold:target: kubernetes
  twofold:keepVolumes: true
  twofold:algoTrading:
    logLevel: debug
  twofold:exchangeApiKey:
    secure: v1:AAAA
`);
    assert.equal(config.target, "kubernetes");
    assert.equal(config.keepVolumes, true);
    assert.equal(config.algoTrading.logLevel, "debug");
    assert.equal("exchangeApiKey" in config, false);
  });

  it("may be empty", () => {
    for (const yaml of ["", "config:\n", "config: {}\n"]) assert.equal(read(yaml).target, "docker");
  });

  it("is refused with the same words as in a deployment", () => {
    assert.deepEqual(
      problemsOf(() => read("config:\n  twofold:tagret: docker\n  twofold:exchangeApiKey: clear\n")),
      [
        "exchangeApiKey: is stored in clear; run pulumi config set --secret exchangeApiKey",
        "tagret: is not a known name; did you mean target?",
      ],
    );
  });

  it("must be there, and be YAML of the right shape", () => {
    assert.deepEqual(
      problemsOf(() => readStackFile(folder, "devv")),
      ['stack: is "devv", which has no Pulumi.devv.yaml; did you mean dev?'],
    );
    assert.deepEqual(
      problemsOf(() => readStackFile(folder, "../dev")),
      ['stack: is "../dev", which has no Pulumi.../dev.yaml; use dev'],
    );
    const path = join(folder, "Pulumi.prod.yaml");
    for (const yaml of ["config: [1]\n", "config: {\n"]) {
      const [problem, ...more] = problemsOf(() => read(yaml));
      assert.deepEqual(more, []);
      assert.ok(problem?.startsWith(`${path}: cannot be read; `), problem);
      assert.equal(problem?.includes("\n"), false);
    }
  });
});
