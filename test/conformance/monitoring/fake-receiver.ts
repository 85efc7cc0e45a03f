import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface ToldAlert {
  readonly status: "firing" | "resolved";
  readonly labels: Readonly<Record<string, string>>;
}

/** A program that takes Alertmanager's JSON, and remembers what it was told. */
export class FakeReceiver {
  readonly #server: Server;
  readonly #told: ToldAlert[] = [];

  constructor() {
    this.#server = createServer((request, response) => {
      void text(request).then((body) => {
        this.#told.push(...(JSON.parse(body) as { readonly alerts: readonly ToldAlert[] }).alerts);
        response.end();
      });
    });
  }

  async listen(host: string): Promise<number> {
    this.#server.listen(0, host);
    await once(this.#server, "listening");
    return (this.#server.address() as AddressInfo).port;
  }

  /** Each time that it was told of an alert. */
  told(alertname: string): readonly ToldAlert[] {
    return this.#told.filter(({ labels }) => labels["alertname"] === alertname);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
