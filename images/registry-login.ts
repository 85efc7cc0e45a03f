import { z } from "zod";
import { type Credentials, credentialsOf } from "./credentials";

/** How a registry wants its callers to be known: the header `www-authenticate` of an answer with status 401. */
export interface Challenge {
  readonly scheme: "basic" | "bearer";
  readonly parameters: Readonly<Record<string, string>>;
}

type Ask = (url: URL, init: RequestInit) => Promise<Response>;

const tokenAnswer = z.object({ token: z.string(), access_token: z.string() }).partial();

export function challengeOf(response: Response): Challenge | undefined {
  const header = response.headers.get("www-authenticate") ?? "";
  const scheme = /^(basic|bearer)\b/i.exec(header)?.[1]?.toLowerCase();
  if (scheme !== "basic" && scheme !== "bearer") return undefined;
  const parameters = [...header.matchAll(/([a-z_]+)="([^"]*)"/gi)].map(([, name = "", value = ""]) => [name, value]);
  return { scheme, parameters: Object.fromEntries(parameters) };
}

/**
 * What to send as the header `authorization`; undefined when nothing is kept for the registry that it would take. A token
 * service is asked without credentials too, because it may let anybody pull.
 */
export async function logIn(host: string, challenge: Challenge, scope: string, ask: Ask): Promise<string | undefined> {
  const credentials = await credentialsOf(host);
  if (challenge.scheme === "basic") return credentials?.kind === "password" ? basic(credentials) : undefined;
  const { realm, service } = challenge.parameters;
  if (realm === undefined) return undefined;
  const parameters = { scope, ...(service === undefined ? {} : { service }) };
  const response = await askForToken(new URL(realm), parameters, credentials, ask);
  if (!response.ok) return undefined;
  const { token, access_token = token } = tokenAnswer.parse(await response.json());
  return access_token === undefined ? undefined : `Bearer ${access_token}`;
}

function askForToken(
  realm: URL,
  parameters: Readonly<Record<string, string>>,
  credentials: Credentials | undefined,
  ask: Ask,
): Promise<Response> {
  if (credentials?.kind === "refresh") {
    const grant = { grant_type: "refresh_token", refresh_token: credentials.token, client_id: "twofold" };
    return ask(realm, { method: "POST", body: new URLSearchParams({ ...parameters, ...grant }) });
  }
  for (const [name, value] of Object.entries(parameters)) realm.searchParams.set(name, value);
  return ask(realm, { headers: credentials === undefined ? {} : { authorization: basic(credentials) } });
}

function basic({ user, password }: Extract<Credentials, { kind: "password" }>): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}
