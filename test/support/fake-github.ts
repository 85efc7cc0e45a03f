import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

interface Stored {
  readonly id: number;
  readonly user: { readonly login: string } | null;
  body: string | null;
}

interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether the request is carried out although its answer is this. */
  readonly done?: boolean;
}

/** The part of GitHub's API that comments need, with one pull request, and with answers that a test puts in the way. */
export class FakeGitHub {
  readonly comments: Stored[] = [];
  /** `METHOD /path`, in the order in which they came. */
  readonly requests: string[] = [];
  /** What a token is: a person's has a login, a job's has none. */
  login: string | undefined = "bot";
  pull = { number: 7, state: "open", head: { sha: "a".repeat(40) } };
  /** Comments on a page. */
  pageSize = 2;
  longest = 65_536;
  readonly #obstacles: ((request: string) => Reply | undefined)[] = [];
  readonly #server = createServer((request, response) => {
    void read(request).then((body) => {
      const { status, body: answer, headers = {} } = this.#answer(request, body);
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(answer === undefined ? "" : JSON.stringify(answer));
    });
  });

  /** Begins to listen, and gives its address. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this.address;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  add(login: string | undefined, body: string | null): Stored {
    const comment = { id: this.comments.length + 1, user: login === undefined ? null : { login }, body };
    this.comments.push(comment);
    return comment;
  }

  /** The next requests that begin like this are answered so, each once. */
  hinder(request: string, ...replies: readonly Reply[]): void {
    for (const reply of replies) {
      const obstacle = (given: string): Reply | undefined => (given.startsWith(request) ? reply : undefined);
      this.#obstacles.push(obstacle);
    }
  }

  #answer(request: IncomingMessage, body: string): Reply {
    const url = new URL(request.url ?? "/", "http://fake");
    const asked = `${request.method ?? ""} ${url.pathname}${url.search}`;
    this.requests.push(asked);
    if (request.headers.authorization !== "Bearer token") return { status: 401, body: { message: "Bad credentials" } };
    const index = this.#obstacles.findIndex((obstacle) => obstacle(asked) !== undefined);
    const [obstacle] = index === -1 ? [] : this.#obstacles.splice(index, 1);
    const reply = obstacle?.(asked);
    if (reply !== undefined && reply.done !== true) return reply;
    const done = this.#carryOut(asked, url, body);
    return reply ?? done;
  }

  #carryOut(asked: string, url: URL, body: string): Reply {
    const issue = `/repos/acme/shop/issues/${this.pull.number}/comments`;
    const one = /^PATCH \/repos\/acme\/shop\/issues\/comments\/(\d+)$/.exec(asked)?.[1];
    if (one !== undefined)
      return this.#write(
        this.comments.find(({ id }) => id === Number(one)),
        body,
      );
    if (asked === `POST ${issue}`) return this.#write(this.add(this.login ?? "github-actions[bot]", null), body, 201);
    if (asked.startsWith(`GET ${issue}`)) return this.#page(url);
    if (asked === `GET /repos/acme/shop/pulls/${this.pull.number}`) return { status: 200, body: this.pull };
    if (asked.startsWith("GET /repos/acme/shop/pulls?"))
      return { status: 200, body: url.searchParams.get("head") === "fork:branch" ? [this.pull] : [] };
    if (asked === "GET /user")
      return this.login === undefined
        ? { status: 403, body: { message: "Resource not accessible by integration" } }
        : { status: 200, body: { login: this.login } };
    return { status: 404, body: { message: "Not Found" } };
  }

  #write(comment: Stored | undefined, given: string, status = 200): Reply {
    const { body } = z.object({ body: z.string() }).parse(JSON.parse(given));
    if (comment === undefined) return { status: 404, body: { message: "Not Found" } };
    if (body.length > this.longest) {
      if (comment.body === null) this.comments.pop();
      return { status: 422, body: { message: `Body is too long (maximum is ${this.longest} characters)` } };
    }
    comment.body = body;
    return { status, body: this.#shown(comment) };
  }

  #page(url: URL): Reply {
    const page = Number(url.searchParams.get("page") ?? 1);
    const shown = this.comments.slice((page - 1) * this.pageSize, page * this.pageSize);
    const last = Math.ceil(this.comments.length / this.pageSize);
    url.searchParams.set("page", String(page + 1));
    const next = `<${this.address}${url.pathname}${url.search}>; rel="next", <${this.address}${url.pathname}>; rel="first"`;
    return {
      status: 200,
      body: shown.map((comment) => this.#shown(comment)),
      headers: page < last ? { link: next } : {},
    };
  }

  #shown(comment: Stored): object {
    const url = `${this.address}/repos/acme/shop/issues/comments/${comment.id}`;
    return { ...comment, url, html_url: `https://github.com/acme/shop/pull/${this.pull.number}#${comment.id}` };
  }
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
