import { execFile } from "node:child_process";
import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { type AgentOptions, Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { promisify } from "node:util";
import { z } from "zod";
import { type Answer, RefusedError, receive } from "../http";
import type { Access, CredentialCommand } from "./kubeconfig";

/** What a cluster answered when it refused something. */
export class ClusterError extends RefusedError {}

/** The cluster cannot be talked to at all; the message says why, and what to do about it. */
export class UnreachableError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UnreachableError";
  }
}

/** Reads from the API of a cluster. What is not there is `undefined`. */
export type Read = (path: string, accept?: string) => Promise<string | undefined>;

const answerMilliseconds = 15_000;

/** Opens as many connections as are needed, and keeps them for the run. None keeps the process alive. */
export function connect(access: Access): Read {
  const { server, context } = access;
  let transport: Promise<Transport> | undefined;
  const ask = async (path: string, accept: string): Promise<Answer> => {
    transport ??= transportTo(access);
    return send(server, await transport, path, accept);
  };
  return async (path, accept = "application/json") => {
    let answer = await ask(path, accept);
    if (answer.status === 401 && access.exec !== undefined) {
      transport = undefined;
      answer = await ask(path, accept);
    }
    const { status } = answer;
    const body = answer.body.toString();
    if (status === 404) return undefined;
    if (status === 401)
      throw new UnreachableError(
        `the cluster at ${server.origin} does not accept the credentials of the context ${context} (${messageIn(body)}); log in again, or get a new kubeconfig`,
      );
    if (status >= 400) throw new ClusterError(status, messageIn(body));
    return body;
  };
}

interface Transport {
  readonly agent: HttpAgent | HttpsAgent;
  readonly authorization: string | undefined;
  readonly context: string;
}

async function transportTo(access: Access): Promise<Transport> {
  const { server, context, authority, serverName, insecure } = access;
  const given = access.exec === undefined ? undefined : await credentialsOf(access.exec, context);
  const { certificate = access.certificate, key = access.key } = given ?? {};
  const authorization = given?.token === undefined ? access.authorization : `Bearer ${given.token}`;
  const options: AgentOptions = {
    keepAlive: true,
    ...(authority === undefined ? {} : { ca: authority }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(key === undefined ? {} : { key }),
    ...(serverName === undefined ? {} : { servername: serverName }),
    rejectUnauthorized: !insecure,
  };
  const agent = server.protocol === "https:" ? new HttpsAgent(options) : new HttpAgent({ keepAlive: true });
  return { agent, authorization, context };
}

function send(
  server: URL,
  { agent, authorization, context }: Transport,
  path: string,
  accept: string,
): Promise<Answer> {
  const request = server.protocol === "https:" ? httpsRequest : httpRequest;
  const url = new URL(`${server.pathname.replace(/\/$/, "")}${path}`, server);
  const headers = { accept, ...(authorization === undefined ? {} : { authorization }) };
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, headers, timeout: answerMilliseconds }, (response) => {
      receive(response).then(resolve, reject);
    });
    sent.on("timeout", () => sent.destroy(new Error(`no answer within ${answerMilliseconds / 1000} s`)));
    sent.on("error", (error) => reject(new UnreachableError(unreachable(error, server, context))));
    sent.end();
  });
}

/** Why there was no answer: causes that Node names by codes, in a person's words, with what to do. */
export function unreachable(error: Error & { readonly code?: unknown }, { origin }: URL, context: string): string {
  const code = typeof error.code === "string" ? error.code : "";
  const who = `the cluster at ${origin} (context ${context})`;
  if (code === "CERT_HAS_EXPIRED")
    return `the certificate of ${who} has expired; renew it, or make the cluster anew (make cluster)`;
  if (/SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|CERT_SIGNATURE/.test(code))
    return `the certificate of ${who} is from another authority than the kubeconfig's; get the kubeconfig of the cluster that is there now`;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return `the certificate of ${who} is for other names: ${error.message}; correct server or tls-server-name in the kubeconfig`;
  if (/^ERR_SSL|^ERR_OSSL|^EPROTO/.test(code))
    return `${who} ended the TLS handshake (${error.message}); its client certificate may have expired or be from another cluster: get a new kubeconfig`;
  return `${who} does not answer (${error.message}); start it, or choose another context`;
}

const status = z.object({ message: z.string() });

/** The API answers with a Status; what stands between it and us may answer anything. */
function messageIn(body: string): string {
  try {
    return status.parse(JSON.parse(body)).message;
  } catch {
    return body.trim().split("\n")[0] ?? "";
  }
}

const credential = z.object({
  status: z.object({
    token: z.string().optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
  }),
});

interface Credentials {
  readonly token: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

async function credentialsOf(
  { command, args, env, apiVersion }: CredentialCommand,
  context: string,
): Promise<Credentials> {
  const info = JSON.stringify({ apiVersion, kind: "ExecCredential", spec: { interactive: false } });
  try {
    const { stdout } = await promisify(execFile)(command, [...args], {
      env: { ...process.env, ...env, KUBERNETES_EXEC_INFO: info },
    });
    const { token, clientCertificateData, clientKeyData } = credential.parse(JSON.parse(stdout)).status;
    return { token, certificate: clientCertificateData, key: clientKeyData };
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split("\n").at(-1) : String(error);
    throw new UnreachableError(
      `${command}, which the context ${context} gets its credentials from, gave none (${reason ?? "no reason"}); run it by hand, and log in`,
    );
  }
}
