import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** An image registry without images, which notes what it is asked and answers as a test wants. */
export class FakeRegistry {
  /** `METHOD /path`, and what the header `authorization` said where there was one. */
  readonly requests: string[] = [];
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { authorization } = request.headers;
      this.requests.push([request.method, request.url, authorization].filter((part) => part !== undefined).join(" "));
      this.#answer(request, response, Buffer.concat(chunks).toString());
    });
  });
  #answer: Answer = (_, response) => void response.writeHead(404).end();

  /** Begins to listen, and gives `host:port`. */
  async listen(answer: Answer): Promise<string> {
    this.#answer = answer;
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
