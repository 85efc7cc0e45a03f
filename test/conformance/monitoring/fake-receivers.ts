import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Server as TcpServer } from "node:net";
import { text } from "node:stream/consumers";
import type { Receivers } from "../../../components/monitoring/receivers/settings";
import type { receiverSecretKeys } from "../../../config/receivers";
import { portOf } from "../harness/outside";
import type { Settings } from "../systems/deployed-stack";
import { smtpServer } from "./fake-smtp";

type Kind = Exclude<keyof Receivers, "deadMan">;

/** Something that a receiver was told. */
export interface Told {
  readonly kind: Kind;
  /** What people would read, or a program. */
  readonly message: string;
  /** What the sender proved itself with. */
  readonly proof: string;
  readonly at: number;
}

/** One place of each kind that alerts are told to, as the services outside behave, on one machine. */
export class FakeReceivers {
  readonly told: Told[] = [];
  /** When the dead man was last told that all is well, by `performance.now`. */
  aliveAt: number | undefined;
  readonly #host: string;
  /** Begins every secret, so that one is found wherever it leaks to. */
  readonly #canary: string;
  readonly #http: Server;
  readonly #smtp: TcpServer;

  private constructor(host: string, canary: string) {
    this.#host = host;
    this.#canary = canary;
    this.#http = createServer((request, response) => {
      void this.#answer(request).then(
        (answer) => response.end(answer),
        () => response.writeHead(404).end(),
      );
    });
    this.#smtp = smtpServer(({ login, content }) => this.#note("email", content, login));
  }

  /** Listens on all addresses of this machine, of which those outside know one. */
  static async open(host: string, canary: string): Promise<FakeReceivers> {
    const fake = new FakeReceivers(host, canary);
    for (const server of [fake.#http, fake.#smtp])
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(0, resolve).unref();
      });
    return fake;
  }

  close(): void {
    this.#http.close();
    this.#http.closeAllConnections();
    this.#smtp.close();
  }

  get #origin(): string {
    return `http://${this.#host}:${portOf(this.#http)}`;
  }

  /** What a stack has to be told so that it tells all of them. */
  settings(everySeconds: number): NonNullable<Settings["receivers"]> {
    return {
      telegram: { chatId: -100_200, apiUrl: this.#origin },
      slack: { origin: this.#origin, channel: "#alerts" },
      email: {
        to: ["ops@example.com"],
        from: "alerts@example.com",
        host: this.#host,
        port: portOf(this.#smtp),
        user: "alerts",
        systems: ["algo-trading"],
        requireTls: false,
      },
      wechat: { corpId: "ww1", agentId: 7, apiUrl: `${this.#origin}/cgi-bin/` },
      webhook: { url: `${this.#origin}/alerts`, token: true },
      deadMan: { origin: this.#origin, everySeconds },
    };
  }

  get secrets(): Readonly<Record<keyof typeof receiverSecretKeys, string>> {
    const secret = (name: string): string => `${this.#canary}-${name}`;
    return {
      telegramBotToken: secret("telegram"),
      slackWebhookUrl: `${this.#origin}/services/${secret("slack")}`,
      smtpPassword: secret("smtp"),
      wechatApiSecret: secret("wechat"),
      alertWebhookToken: secret("webhook"),
      deadManUrl: `${this.#origin}/ping/${secret("dead-man")}`,
    };
  }

  /** What each kind has to be shown before it listens. */
  get proofs(): Readonly<Record<Kind, string>> {
    const { telegramBotToken, slackWebhookUrl, smtpPassword, wechatApiSecret, alertWebhookToken } = this.secrets;
    return {
      telegram: telegramBotToken,
      slack: new URL(slackWebhookUrl).pathname,
      email: `alerts:${smtpPassword}`,
      wechat: wechatApiSecret,
      webhook: `Bearer ${alertWebhookToken}`,
    };
  }

  /** What one kind was told of an alert of a service: its beginnings, or its ends. */
  of(kind: Kind, alert: string, service: string, state: "firing" | "resolved"): readonly Told[] {
    const says = (told: Told): boolean => saysOf(told, alert, service) === state;
    return this.told.filter((told) => told.kind === kind && says(told));
  }

  async #answer(request: IncomingMessage): Promise<string> {
    const { pathname, searchParams } = new URL(request.url ?? "/", this.#origin);
    const body = await text(request);
    const telegram = /^\/bot([^/]+)\/sendMessage$/.exec(pathname)?.[1];
    if (telegram !== undefined) {
      const { text: message, chat_id: chat } = JSON.parse(body) as { readonly text: string; readonly chat_id: string };
      this.#note("telegram", message, telegram);
      return JSON.stringify({ ok: true, result: { message_id: 1, date: 0, chat: { id: Number(chat) } } });
    }
    if (pathname === "/cgi-bin/gettoken")
      return JSON.stringify({ errcode: 0, access_token: `for ${searchParams.get("corpsecret")}` });
    if (pathname === "/cgi-bin/message/send") {
      const { text: message } = JSON.parse(body) as { readonly text: { readonly content: string } };
      this.#note("wechat", message.content, (searchParams.get("access_token") ?? "").replace("for ", ""));
      return JSON.stringify({ errcode: 0, errmsg: "ok" });
    }
    if (pathname.startsWith("/services/")) this.#note("slack", body, pathname);
    else if (pathname === "/alerts") this.#note("webhook", body, request.headers.authorization ?? "");
    else if (pathname === new URL(this.secrets.deadManUrl).pathname) this.aliveAt = performance.now();
    else throw new Error(`nobody is at ${pathname}`);
    return "ok";
  }

  #note(kind: Kind, message: string, proof: string): void {
    this.told.push({ kind, message, proof, at: Date.now() });
  }
}

/** Whether a message is about the beginning or the end of an alert, or about another one. */
function saysOf({ kind, message }: Told, alert: string, service: string): "firing" | "resolved" | undefined {
  if (kind === "webhook") {
    const { status, groupLabels } = JSON.parse(message) as WebhookMessage;
    return groupLabels["alertname"] === alert && groupLabels["service"] === service ? status : undefined;
  }
  const [, state] =
    new RegExp(`\\[(CRITICAL|WARNING|INFO|RESOLVED)\\] ${alert} of ${service}(?![\\w-])`).exec(message) ?? [];
  return state === undefined ? undefined : state === "RESOLVED" ? "resolved" : "firing";
}

interface WebhookMessage {
  readonly status: "firing" | "resolved";
  readonly groupLabels: Readonly<Record<string, string>>;
}
