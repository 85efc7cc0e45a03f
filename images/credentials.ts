import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { run } from "./command";
import { ImageError } from "./errors";

/** How somebody is known to a registry. */
export type Credentials =
  | { readonly kind: "password"; readonly user: string; readonly password: string }
  /** Exchanged for a token at each log-in, as cloud providers' registries have it. */
  | { readonly kind: "refresh"; readonly token: string };

const config = z.object({
  auths: z.record(z.string(), z.object({ auth: z.string(), identitytoken: z.string() }).partial()).optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
  credsStore: z.string().optional(),
});

const helperAnswer = z.object({ Username: z.string(), Secret: z.string() });

/** Docker's own name for a refresh token in place of a user. */
const refreshUser = "<token>";

/**
 * What `docker login` has kept for the registry: in Docker's configuration file, or with the helper that the file names.
 * Throws an ImageError when the file cannot be read or the helper is not installed.
 */
export async function credentialsOf(
  host: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Credentials | undefined> {
  const path = join(env["DOCKER_CONFIG"] || join(homedir(), ".docker"), "config.json");
  if (!existsSync(path)) return undefined;
  const { auths, credHelpers, credsStore } = readConfig(path);
  const helper = credHelpers?.[host] ?? credsStore;
  if (helper !== undefined) return askHelper(helper, host);
  const kept = auths?.[host] ?? auths?.[`https://${host}`];
  if (kept?.identitytoken !== undefined) return { kind: "refresh", token: kept.identitytoken };
  const [user, ...password] = Buffer.from(kept?.auth ?? "", "base64")
    .toString("utf8")
    .split(":");
  return user === undefined || user === "" ? undefined : { kind: "password", user, password: password.join(":") };
}

function readConfig(path: string): z.infer<typeof config> {
  try {
    return config.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error).replaceAll("\n", " ") : String(error);
    throw new ImageError(`Docker's configuration ${path} cannot be read (${why}); correct it`);
  }
}

async function askHelper(helper: string, host: string): Promise<Credentials | undefined> {
  const answer = await run(`docker-credential-${helper}`, ["get"], { input: host }).catch((error: unknown) => {
    // a helper that has nothing for the registry ends like this
    if (error instanceof Error && error.message.includes("credentials not found")) return undefined;
    throw error;
  });
  if (answer === undefined) return undefined;
  const { Username: user, Secret: secret } = helperAnswer.parse(JSON.parse(answer));
  return user === refreshUser ? { kind: "refresh", token: secret } : { kind: "password", user, password: secret };
}
