import assert from "node:assert/strict";
import { createServer, type Server } from "node:net";
import { networkInterfaces } from "node:os";

/** Addresses under which other machines know this one. */
export function machineAddresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.flatMap(({ family, internal, address }) => (family === "IPv4" && !internal ? [address] : []));
}

/** Two ports of this machine that accept connections: one that a system says it reaches, and one beside it. */
export class Outside {
  readonly host: string;
  readonly port: number;
  /** Nobody says that it is reached. */
  readonly otherPort: number;
  readonly #servers: readonly Server[];

  private constructor(host: string, servers: readonly Server[]) {
    this.host = host;
    this.#servers = servers;
    [this.port = 0, this.otherPort = 0] = servers.map(portOf);
  }

  /** Listens on all addresses of this machine, of which those outside know one. */
  static async open(host: string): Promise<Outside> {
    return new Outside(host, await Promise.all([listen(), listen()]));
  }

  close(): void {
    for (const server of this.#servers) server.close();
  }
}

function listen(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.end()).once("error", reject);
    server.unref().listen(0, () => resolve(server));
  });
}

export function portOf(server: Server): number {
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null, "the system gave no port");
  return address.port;
}
