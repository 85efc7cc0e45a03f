import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalWorkspace, Stack } from "@pulumi/pulumi/automation";
import { parse, stringify } from "yaml";
import { z } from "zod";
import type { Collected } from "./events";
import { collect, failed, type Preview } from "./collect";

const stackFile = z.looseObject({ config: z.record(z.string(), z.unknown()).nullish() }).catch({});
const encrypted = z.strictObject({ secure: z.string() });

/** Stands for a secret of the configuration that nobody here can read. */
const placeholder = "placeholder-of-a-secret";

/**
 * Previews a stack against a state of its own that is empty and forgotten afterwards, with placeholders for the secrets of
 * the configuration: nothing of the real stack is read, so that somebody without any credentials can do it.
 */
export async function collectFresh(project: string, preview: Preview): Promise<Collected> {
  const { folder, stack, configFile = join(folder, `Pulumi.${stack}.yaml`) } = preview;
  const own = mkdtempSync(join(tmpdir(), "preview-report-"));
  try {
    const env = {
      ...preview.env,
      PULUMI_BACKEND_URL: `file://${own}?metadata=skip`,
      PULUMI_CONFIG_PASSPHRASE: randomBytes(16).toString("hex"),
    };
    const workspace = await LocalWorkspace.create({
      workDir: own,
      envVars: env,
      projectSettings: { name: project, runtime: "nodejs" },
    });
    const created = await Stack.create(stack, workspace);
    const configuration = join(own, `Pulumi.${stack}.yaml`);
    const secrets = writeConfiguration(configuration, configFile);
    for (const key of secrets) await created.setConfig(key, { value: placeholder, secret: true });
    return await collect({ ...preview, env, configFile: configuration });
  } catch (error) {
    return failed(stack, [], error);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

/** Puts what is not encrypted into the file of the new stack, which has its salt already; gives the keys of the rest. */
function writeConfiguration(to: string, from: string): readonly string[] {
  const entries = Object.entries(read(from)["config"] ?? {});
  const isEncrypted = ([, value]: readonly [string, unknown]): boolean => encrypted.safeParse(value).success;
  const plain = Object.fromEntries(entries.filter((entry) => !isEncrypted(entry)));
  writeFileSync(to, stringify({ ...read(to), config: plain }));
  return entries.filter(isEncrypted).map(([key]) => key);
}

/** A stack may have no file. */
function read(path: string): z.output<typeof stackFile> {
  try {
    return stackFile.parse(parse(readFileSync(path, "utf8")));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw error;
  }
}
