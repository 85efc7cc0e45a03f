import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { stackSchema } from "../../config/stack";
import { readStackFile } from "../../config/stack-file";
import { configurationPage, settingsOf } from "../../scripts/configuration";

const root = join(__dirname, "../..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");

describe("docs/configuration.md", () => {
  it("is what the schema says; npm run docs writes it anew", () => {
    assert.equal(read("docs/configuration.md"), configurationPage());
  });

  it("says of every setting what it means", () => {
    for (const { key, meaning } of settingsOf(stackSchema)) assert.match(meaning, /\w{3}/, key);
  });

  it("has the type, the default and the meaning of each setting", () => {
    const schema = z.strictObject({
      mode: z.enum(["a", "b"]).default("a").describe("which"),
      deep: z.strictObject({ share: z.number().positive().max(1).optional().describe("how much") }).prefault({}),
      names: z.array(z.string()).min(1).default(["x"]).describe("who"),
      on: z.boolean().default(false).describe("whether"),
      count: z.int().min(1).optional().describe("how many"),
      range: z.cidrv4().optional().describe("where"),
    });
    assert.deepEqual(settingsOf(schema), [
      { key: "mode", values: "`a`, `b`", preset: "`a`", meaning: "which" },
      { key: "deep.share", values: "number above 0 to 1", preset: "none", meaning: "how much" },
      { key: "names", values: "list of text", preset: '`["x"]`', meaning: "who" },
      { key: "on", values: "`true`, `false`", preset: "`false`", meaning: "whether" },
      { key: "count", values: "whole number from 1", preset: "none", meaning: "how many" },
      { key: "range", values: "block of IPv4 addresses", preset: "none", meaning: "where" },
    ]);
  });
});

describe("the configuration of the stacks that come along", () => {
  for (const stack of ["dev", "prod"])
    it(`Pulumi.${stack}.yaml holds what the schema allows`, () => {
      assert.ok(readStackFile(root, stack));
    });
});
