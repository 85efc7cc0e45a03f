import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { parse as parseYaml, YAMLParseError } from "yaml";
import { z } from "zod";
import { DescriptionError, type Problem, suggest } from "../../core/errors";

/** Which cluster is meant: a context, and where contexts are written down. */
export interface ClusterChoice {
  /** Name of a context. The current one of a kubeconfig is never taken by itself. */
  readonly context: string;
  /** Path of a kubeconfig. @default - KUBECONFIG, which may name several, else ~/.kube/config */
  readonly kubeconfig?: string | undefined;
}

/** A command that prints credentials, as `exec` of a kubeconfig describes it. */
export interface CredentialCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly apiVersion: string;
}

/** How to talk to a cluster. Certificates and keys are in PEM. */
export interface Access {
  readonly context: string;
  /** The kubeconfig that says all of this. */
  readonly file: string;
  readonly server: URL;
  readonly authority: string | undefined;
  /** Name that the server's certificate is for, when it is not that of the server. */
  readonly serverName: string | undefined;
  /** Whether the server's certificate is not looked at. */
  readonly insecure: boolean;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  /** What goes into the header `authorization`. */
  readonly authorization: string | undefined;
  readonly exec: CredentialCommand | undefined;
}

const clusterEntry = z.object({
  server: z.url({ protocol: /^https?$/ }),
  "certificate-authority": z.string().optional(),
  "certificate-authority-data": z.string().optional(),
  "insecure-skip-tls-verify": z.boolean().default(false),
  "tls-server-name": z.string().optional(),
  "proxy-url": z.string().optional(),
});
const userEntry = z.object({
  "client-certificate": z.string().optional(),
  "client-certificate-data": z.string().optional(),
  "client-key": z.string().optional(),
  "client-key-data": z.string().optional(),
  token: z.string().optional(),
  tokenFile: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  "auth-provider": z.object({ name: z.string() }).optional(),
  exec: z
    .object({
      apiVersion: z.string(),
      command: z.string(),
      args: z.array(z.string()).nullish(),
      env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
    })
    .optional(),
});
const contextEntry = z.object({ cluster: z.string(), user: z.string().default("") });
const named = z.array(z.looseObject({ name: z.string() })).nullish();
const kubeconfig = z.object({ clusters: named, users: named, contexts: named });

/** An entry with the file that it is from: its paths are relative to that. */
interface Entry {
  readonly file: string;
  readonly value: unknown;
}

/** The files that hold contexts when none is named: as kubectl looks for them. */
function kubeconfigFiles(environment: NodeJS.ProcessEnv): readonly string[] {
  const listed = (environment["KUBECONFIG"] ?? "").split(delimiter).filter((path) => path !== "");
  return listed.length === 0 ? [join(homedir(), ".kube", "config")] : listed;
}

/** Finds out how to talk to a cluster. Throws a `DescriptionError` that says what is wrong with which file. */
export function readKubeconfig({ context, kubeconfig: path }: ClusterChoice, environment: NodeJS.ProcessEnv): Access {
  const files = (path === undefined ? kubeconfigFiles(environment) : [path]).map((file) => resolve(file));
  const present = files.filter((file) => existsSync(file));
  const where = files.join(", ");
  if (present.length === 0)
    throw wrong({ path: "kubeconfig", given: `is ${where}, which is not there`, remedy: "name one that is" });
  const contents = present.map((file) => ({ file, ...parsed(file) }));
  const entries = (section: "clusters" | "users" | "contexts", singular: string): ReadonlyMap<string, Entry> =>
    new Map(
      contents
        .flatMap(({ file, ...content }) =>
          (content[section] ?? []).map((each): [string, Entry] => [each.name, { file, value: each[singular] }]),
        )
        // of two with the same name the first counts
        .reverse(),
    );
  const contexts = entries("contexts", "context");
  const chosen = contexts.get(context);
  if (chosen === undefined) {
    const given = `is ${JSON.stringify(context)}, which is no context of ${where}`;
    throw wrong({ path: "context", given, remedy: suggest(context, [...contexts.keys()]) });
  }
  const { cluster, user } = checked(`context ${context}`, chosen, contextEntry);
  const clusters = entries("clusters", "cluster");
  const users = entries("users", "user");
  const missing = (kind: string, name: string): DescriptionError =>
    wrong({
      path: `context ${context} in ${chosen.file}`,
      given: `names the ${kind} ${JSON.stringify(name)}, which is not there`,
      remedy: `add the ${kind}, or choose another context`,
    });
  const clusterOf = clusters.get(cluster);
  const userOf = user === "" ? { file: chosen.file, value: {} } : users.get(user);
  if (clusterOf === undefined) throw missing("cluster", cluster);
  if (userOf === undefined) throw missing("user", user);
  if (new Set([chosen.file, clusterOf.file, userOf.file]).size > 1)
    throw wrong({
      path: `context ${context} in ${chosen.file}`,
      given: "takes its cluster or user from another file, and the provider reads one",
      remedy: `put them together (kubectl config view --flatten --minify --context ${context} >FILE) and name that file`,
    });
  return accessOf(context, cluster, clusterOf, user, userOf);
}

function accessOf(context: string, cluster: string, clusterAt: Entry, user: string, userAt: Entry): Access {
  const { server, ...trust } = checked(`cluster ${cluster}`, clusterAt, clusterEntry);
  const { exec, ...login } = checked(`user ${user}`, userAt, userEntry);
  const unsupported = [
    ...(trust["proxy-url"] === undefined ? [] : [[`cluster ${cluster}`, "proxy-url", "reach it without a proxy"]]),
    ...(login["auth-provider"] === undefined
      ? []
      : [[`user ${user}`, `the auth-provider ${login["auth-provider"].name}`, "use an exec plugin in its place"]]),
  ];
  if (unsupported.length > 0)
    throw wrong(
      ...unsupported.map(([path = "", what = "", remedy = ""]) => ({
        path,
        given: `has ${what}, which is not supported`,
        remedy,
      })),
    );
  const text = (entry: Entry, path: string | undefined, data: string | undefined): string | undefined => {
    if (data !== undefined) return Buffer.from(data, "base64").toString();
    if (path === undefined) return undefined;
    const file = resolve(dirname(entry.file), path);
    if (existsSync(file)) return readFileSync(file, "utf8");
    throw wrong({ path: entry.file, given: `names ${file}, which is not there`, remedy: "get a new kubeconfig" });
  };
  const certificate = text(userAt, login["client-certificate"], login["client-certificate-data"]);
  if (certificate !== undefined) refuseExpired(certificate, `user ${user} in ${userAt.file}`);
  const token = text(userAt, login.tokenFile, undefined)?.trim() ?? login.token;
  const basic = Buffer.from(`${login.username ?? ""}:${login.password ?? ""}`).toString("base64");
  return {
    context,
    file: clusterAt.file,
    server: new URL(server),
    authority: text(clusterAt, trust["certificate-authority"], trust["certificate-authority-data"]),
    serverName: trust["tls-server-name"],
    insecure: trust["insecure-skip-tls-verify"],
    certificate,
    key: text(userAt, login["client-key"], login["client-key-data"]),
    authorization:
      token !== undefined ? `Bearer ${token}` : login.username === undefined ? undefined : `Basic ${basic}`,
    exec: exec && {
      command: exec.command.includes("/") ? resolve(dirname(userAt.file), exec.command) : exec.command,
      args: exec.args ?? [],
      env: Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value])),
      apiVersion: exec.apiVersion,
    },
  };
}

function refuseExpired(certificate: string, path: string): void {
  let until: Date;
  try {
    until = new X509Certificate(certificate).validToDate;
  } catch {
    throw wrong({ path, given: "has a client certificate that cannot be read", remedy: "get a new kubeconfig" });
  }
  if (until.getTime() < Date.now())
    throw wrong({
      path,
      given: `has a client certificate that expired on ${until.toISOString()}`,
      remedy: "get a new kubeconfig; make cluster writes one for the cluster of this clone",
    });
}

function parsed(file: string): z.output<typeof kubeconfig> {
  try {
    return kubeconfig.parse(parseYaml(readFileSync(file, "utf8")) ?? {});
  } catch (error) {
    const reason =
      error instanceof z.ZodError
        ? z.prettifyError(error)
        : error instanceof YAMLParseError
          ? error.message
          : String(error);
    throw wrong({
      path: file,
      given: `is no kubeconfig: ${reason.split("\n")[0] ?? ""}`,
      remedy: "get a new one, or name another",
    });
  }
}

function checked<Data>(what: string, { file, value }: Entry, schema: z.ZodType<Data>): Data {
  const result = schema.safeParse(value ?? {});
  if (result.success) return result.data;
  throw wrong(
    ...result.error.issues.map(({ path, message }) => ({
      path: `${what} in ${file}`,
      given: `has a wrong ${path.join(".")}: ${message}`,
      remedy: "get a new kubeconfig",
    })),
  );
}

function wrong(...problems: readonly Problem[]): DescriptionError {
  return new DescriptionError("kubernetes target", problems);
}
