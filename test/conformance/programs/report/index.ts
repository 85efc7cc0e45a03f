import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random";
import { z } from "zod";

const wanted = z
  .object({
    /** Values to keep by name, secret ones among them. */
    kept: z.record(z.string(), z.object({ value: z.string(), secret: z.boolean().default(false) })),
    passwordLength: z.int(),
    /** Features of the service that are said to be missing. */
    gaps: z.array(z.string()).default([]),
    fails: z.boolean().default(false),
  })
  .parse(JSON.parse(process.env["TWOFOLD_REPORT"] ?? ""));

/** What Twofold's component says of itself, without a target behind it. */
class System extends pulumi.ComponentResource {
  constructor(name: string) {
    super("twofold:index:System", name);
    const gaps = wanted.gaps.map((feature) => ({ service: "api", feature, level: "unsupported", because: "a test" }));
    this.registerOutputs({ target: "docker", gaps, omitted: {}, outline: { connections: [], externals: [] } });
  }
}

const parent = new System("shop");
new RandomPassword("password", { length: wanted.passwordLength, special: false }, { parent });
new pulumi.Stash("configured", { input: new pulumi.Config().requireSecret("apiKey") }, { parent });
for (const [name, { value, secret }] of Object.entries(wanted.kept))
  new pulumi.Stash(name, { input: secret ? pulumi.secret(value) : value }, { parent });
if (wanted.fails) throw new pulumi.RunError(`cannot go on with ${wanted.kept["moved"]?.value ?? "nothing"}`);
