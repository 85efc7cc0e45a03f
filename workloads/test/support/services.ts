import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, globSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { Redis } from "ioredis";
import pg from "pg";
import { eventually } from "./eventually.ts";

const run = promisify(execFile);

/** A PostgreSQL and a Redis of the test's own, empty and thrown away at the end. */
export interface Services {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  stop(): Promise<void>;
}

interface Server {
  readonly port: number;
  stop(): Promise<unknown>;
}

/** Starts both from installed programs, else from images that the engine holds; or says what is missing. */
export async function startServices(): Promise<Services | { readonly missing: string }> {
  const postgres = (await postgresProgram()) ?? (await fromImage(["twofold.local/postgres15", "postgres"], 5432));
  if (postgres === undefined) {
    return { missing: "neither the programs of PostgreSQL nor an image of it" };
  }
  const redis = (await redisProgram()) ?? (await fromImage(["twofold.local/redis7", "redis"], 6379));
  if (redis === undefined) {
    await postgres.stop();
    return { missing: "neither the program redis-server nor an image of it" };
  }
  const databaseUrl = `postgres://trader:trader@127.0.0.1:${postgres.port}/trading`;
  const redisUrl = `redis://127.0.0.1:${redis.port}`;
  await Promise.all([answersPostgres(databaseUrl), answersRedis(redisUrl)]);
  return {
    databaseUrl,
    redisUrl,
    async stop() {
      await Promise.all([postgres.stop(), redis.stop()]);
    },
  };
}

/** The first program of that name on PATH or in one of the patterns. */
function find(program: string, ...patterns: readonly string[]): string | undefined {
  const onPath = (process.env["PATH"] ?? "").split(delimiter).map((directory) => join(directory, program));
  return [...onPath, ...patterns].flatMap((pattern) => globSync(pattern)).at(0);
}

async function postgresProgram(): Promise<Server | undefined> {
  const [initdb, postgres] = ["initdb", "postgres"].map((name) => find(name, `/usr/lib/postgresql/*/bin/${name}`));
  if (initdb === undefined || postgres === undefined) {
    return undefined;
  }
  const data = mkdtempSync(join(tmpdir(), "postgres-"));
  // PostgreSQL refuses to run as root, so it runs as nobody then.
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;
  if (nobody !== undefined) {
    chownSync(data, nobody.uid, nobody.gid);
  }
  await run(initdb, ["-D", data, "-U", "trader", "--auth=trust", "--no-sync"], { cwd: data, ...nobody });
  const port = await freePort();
  const options = ["-D", data, "-p", String(port), "-k", data, "-c", "fsync=off", "-c", "listen_addresses=127.0.0.1"];
  const server = keep(spawn(postgres, options, { cwd: data, stdio: "ignore", ...nobody }), "SIGINT", data);
  const url = `postgres://trader@127.0.0.1:${port}/postgres`;
  await answersPostgres(url);
  await query(url, "CREATE DATABASE trading");
  return { port, stop: server };
}

async function redisProgram(): Promise<Server | undefined> {
  const program = find("redis-server");
  if (program === undefined) {
    return undefined;
  }
  const data = mkdtempSync(join(tmpdir(), "redis-"));
  const port = await freePort();
  const options = ["--port", String(port), "--dir", data, "--bind", "127.0.0.1", "--save", ""];
  return { port, stop: keep(spawn(program, options, { stdio: "ignore" }), "SIGTERM", data) };
}

/** Gives what ends a process and removes its data. */
function keep(child: ReturnType<typeof spawn>, signal: NodeJS.Signals, data: string): () => Promise<void> {
  const ended = once(child, "exit");
  return async () => {
    child.kill(signal);
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
}

async function fromImage(repositories: readonly string[], port: number): Promise<Server | undefined> {
  try {
    const list = await run("docker", ["image", "ls", "--format", "{{.Repository}} {{.Repository}}:{{.Tag}}"]);
    const images = list.stdout.split("\n").map((line) => line.split(" "));
    const image = images.find(([repository]) => repositories.includes(repository ?? ""))?.[1];
    if (image === undefined) {
      return undefined;
    }
    const environment = ["POSTGRES_USER=trader", "POSTGRES_PASSWORD=trader", "POSTGRES_DB=trading"];
    const flags = [
      "--detach",
      "--rm",
      "--publish",
      `127.0.0.1::${port}`,
      ...environment.flatMap((entry) => ["-e", entry]),
    ];
    const id = (await run("docker", ["run", ...flags, image])).stdout.trim();
    const published = await run("docker", ["port", id, `${port}/tcp`]);
    return {
      port: Number(published.stdout.trim().split(":").at(-1)),
      stop: () => run("docker", ["rm", "--force", "--volumes", id]),
    };
  } catch {
    return undefined;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url);
  try {
    await client.connect();
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** An image's first start runs a server for its set-up alone; only the final one listens on TCP. */
const answersPostgres = (url: string): Promise<void> => eventually(() => query(url, "SELECT 1"), 60_000);

async function answersRedis(url: string): Promise<void> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => 100 });
  redis.on("error", () => {});
  try {
    await eventually(() => redis.ping(), 30_000);
  } finally {
    redis.disconnect();
  }
}
