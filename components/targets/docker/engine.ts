import { readFileSync } from "node:fs";
import { request as httpRequest, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { join } from "node:path";
import { z } from "zod";
import { DescriptionError } from "../../core/errors";
import { type Answer, RefusedError, receive } from "../http";

const labels = z.record(z.string(), z.string()).nullish();
const inspection = z.object({
  Id: z.string(),
  Name: z.string(),
  RestartCount: z.number(),
  Config: z.object({ Labels: labels }),
  HostConfig: z.object({ PidsLimit: z.number().nullish() }),
  State: z.object({
    Status: z.string(),
    ExitCode: z.number(),
    Error: z.string(),
    OOMKilled: z.boolean(),
    StartedAt: z.string(),
    FinishedAt: z.string(),
    Health: z
      .object({
        Status: z.string(),
        Log: z.array(z.object({ ExitCode: z.number(), Output: z.string() })).nullish(),
      })
      .nullish(),
  }),
});
const containers = z.array(z.object({ Id: z.string(), Names: z.array(z.string()), Labels: labels }));
const networks = z.array(
  z.object({
    Id: z.string(),
    Name: z.string(),
    Labels: labels,
    IPAM: z.object({ Config: z.array(z.object({ Subnet: z.string().optional() })).nullish() }),
  }),
);
const volume = z.object({ Name: z.string(), Labels: labels });
const ending = z.object({ Actor: z.object({ Attributes: z.object({ exitCode: z.coerce.number() }) }) });

export type Inspection = z.output<typeof inspection>;
export type ContainerSummary = z.output<typeof containers>[number];
export type NetworkSummary = z.output<typeof networks>[number];
export type VolumeSummary = z.output<typeof volume>;

/** The few calls to the Engine's API that the provider does not make. Absent objects are `undefined`. */
export interface Engine {
  inspect(container: string): Promise<Inspection | undefined>;
  start(container: string): Promise<void>;
  limitPids(container: string, pids: number): Promise<void>;
  /** Unpacks a tar archive in a folder of a container, owners and modes included. */
  unpack(container: string, folder: string, archive: Buffer): Promise<void>;
  /** The last lines of both output streams. */
  logs(container: string, lines: number): Promise<string>;
  /** The code with which a container ended last before a moment; unknown when that was long ago. */
  exitCodeBefore(container: string, moment: string): Promise<number | undefined>;
  /** Kills the container if it runs, and removes it with its anonymous volumes. */
  removeContainer(container: string): Promise<void>;
  /** Containers that the Engine's filters let through, running or not. */
  containers(filters: Readonly<Record<string, readonly string[]>>): Promise<readonly ContainerSummary[]>;
  networks(): Promise<readonly NetworkSummary[]>;
  removeNetwork(network: string): Promise<void>;
  volume(name: string): Promise<VolumeSummary | undefined>;
}

/** What the Engine answered when it refused something. */
export class EngineError extends RefusedError {}

const defaultHost = "unix:///var/run/docker.sock";

/** The address that the provider uses, too. */
export function engineHost(environment: NodeJS.ProcessEnv): string {
  const host = environment["DOCKER_HOST"];
  return host === undefined || host === "" ? defaultHost : host;
}

/** Talks to the Engine at a Docker address: `unix://`, `npipe://`, or `tcp://` with the usual variables for TLS. */
export function connectEngine(host: string, environment: NodeJS.ProcessEnv): Engine {
  const send = transport(host, environment);
  const call = async (method: string, path: string, body?: object | Buffer): Promise<Buffer | undefined> => {
    const answer = await send(method, path, body);
    if (answer.status === 404) return undefined;
    if (answer.status >= 400) throw new EngineError(answer.status, messageIn(answer.body));
    return answer.body;
  };
  const read = async <Data>(path: string, schema: z.ZodType<Data>): Promise<Data | undefined> => {
    const body = await call("GET", path);
    return body === undefined ? undefined : schema.parse(JSON.parse(body.toString()));
  };
  return {
    inspect: (container) => read(`/containers/${container}/json`, inspection),
    start: async (container) => void (await call("POST", `/containers/${container}/start`)),
    limitPids: async (container, pids) =>
      void (await call("POST", `/containers/${container}/update`, { PidsLimit: pids })),
    unpack: async (container, folder, archive) => {
      await call("PUT", `/containers/${container}/archive?path=${encodeURIComponent(folder)}`, archive);
    },
    logs: async (container, lines) => {
      const body = await call("GET", `/containers/${container}/logs?stdout=1&stderr=1&tail=${lines}`);
      return body === undefined ? "" : withoutFrames(body);
    },
    exitCodeBefore: async (container, moment) => {
      const until = (Date.parse(moment) / 1000).toFixed(3);
      const filters = query({ container: [container], event: ["die"] });
      const body = await call("GET", `/events?since=0&until=${until}&filters=${filters}`);
      const last = body?.toString().trim().split("\n").at(-1) ?? "";
      return last === "" ? undefined : ending.parse(JSON.parse(last)).Actor.Attributes.exitCode;
    },
    removeContainer: async (container) => void (await call("DELETE", `/containers/${container}?v=1&force=1`)),
    containers: async (filters) => (await read(`/containers/json?all=1&filters=${query(filters)}`, containers)) ?? [],
    networks: async () => (await read("/networks", networks)) ?? [],
    removeNetwork: async (network) => void (await call("DELETE", `/networks/${network}`)),
    volume: (name) => read(`/volumes/${encodeURIComponent(name)}`, volume),
  };
}

function query(filters: Readonly<Record<string, readonly string[]>>): string {
  return encodeURIComponent(JSON.stringify(filters));
}

/** A buffer is sent as an archive, any other object as JSON. */
type Send = (method: string, path: string, body?: object | Buffer) => Promise<Answer>;

function transport(host: string, environment: NodeJS.ProcessEnv): Send {
  const { secure, ...address } = addressOf(host, environment);
  const request = secure ? httpsRequest : httpRequest;
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const type = Buffer.isBuffer(body) ? "application/x-tar" : "application/json";
      const headers = { host: "docker", ...(body === undefined ? {} : { "content-type": type }) };
      const sent = request({ ...address, agent: false, method, path, headers }, (response) => {
        receive(response).then(resolve, reject);
      });
      sent.on("error", (error) =>
        reject(new Error(`Docker does not answer at ${host} (${error.message}); start it, or set DOCKER_HOST`)),
      );
      sent.end(body === undefined || Buffer.isBuffer(body) ? body : JSON.stringify(body));
    });
}

function addressOf(host: string, environment: NodeJS.ProcessEnv): RequestOptions & { readonly secure: boolean } {
  const [scheme = "", rest = ""] = host.split("://");
  if (scheme === "unix" || scheme === "npipe") return { socketPath: rest, secure: false };
  if (scheme !== "tcp" && scheme !== "http" && scheme !== "https") {
    throw new DescriptionError("docker target", [
      {
        path: "address of the Docker Engine",
        given: `is ${JSON.stringify(host)}`,
        remedy: "use unix:// or tcp://; forward the socket of another machine with ssh -L",
      },
    ]);
  }
  const certificates = environment["DOCKER_CERT_PATH"];
  const secure = scheme === "https" || (environment["DOCKER_TLS_VERIFY"] ?? "") !== "";
  const { hostname, port } = new URL(`http://${rest}`);
  const file = (name: string): Buffer => readFileSync(join(certificates ?? "", name));
  return {
    hostname,
    port: port === "" ? (secure ? 2376 : 2375) : port,
    secure,
    ...(secure && certificates !== undefined
      ? { ca: file("ca.pem"), cert: file("cert.pem"), key: file("key.pem") }
      : {}),
  };
}

/** The Engine answers `{"message": …}`; what stands between it and us may answer anything. */
function messageIn(body: Buffer): string {
  const text = body.toString();
  const [, message] = /^\{"message":("(?:[^"\\]|\\.)*")\}\s*$/.exec(text) ?? [];
  return message === undefined ? text.trim() : z.string().parse(JSON.parse(message));
}

/** Output without a terminal comes in frames: one byte for the stream, three empty ones, four for the length. */
function withoutFrames(body: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= body.length; ) {
    const length = body.readUInt32BE(at + 4);
    parts.push(body.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return Buffer.concat(parts).toString();
}
