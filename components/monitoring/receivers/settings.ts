import type { AlertRule } from "../../core/spec";

export type Severity = AlertRule["severity"];

/** Which alerts a receiver is told of. */
interface Interest {
  /** @default - critical and warning; all for a webhook */
  readonly severities?: readonly Severity[] | undefined;
  /** Systems whose alerts are told. @default - all */
  readonly systems?: readonly string[] | undefined;
}

/** A bot that writes to a chat. Its token is the secret `telegramBotToken`. */
export interface Telegram extends Interest {
  readonly chatId: number;
  /** @default "https://api.telegram.org" */
  readonly apiUrl?: string | undefined;
}

/** An incoming webhook of Slack. Its address is the secret `slackWebhookUrl`. */
export interface Slack extends Interest {
  /** Scheme, host and port of that address: where Alertmanager may connect to. @default "https://hooks.slack.com" */
  readonly origin?: string | undefined;
  /** @default - the webhook's own */
  readonly channel?: string | undefined;
}

/** Letters by SMTP. The password is the secret `smtpPassword`, needed with a user. */
export interface Email extends Interest {
  readonly to: readonly string[];
  readonly from: string;
  readonly host: string;
  /** @default 587 */
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  /** Whether a server without TLS is refused. @default true */
  readonly requireTls?: boolean | undefined;
}

/** An application of WeChat Work. Its secret is the secret `wechatApiSecret`. */
export interface WeChat extends Interest {
  readonly corpId: string;
  readonly agentId: number;
  /** @default "@all" */
  readonly toUser?: string | undefined;
  /** @default "https://qyapi.weixin.qq.com/cgi-bin/" */
  readonly apiUrl?: string | undefined;
}

/** A program that takes Alertmanager's JSON by HTTP. */
export interface Webhook extends Interest {
  readonly url: string;
  /** Whether it asks for a bearer token, the secret `alertWebhookToken`. @default false */
  readonly token?: boolean | undefined;
}

/**
 * Somebody outside who worries when nothing comes: told of the alert Watchdog, which is always on, again and again. The
 * address is the secret `deadManUrl`.
 */
export interface DeadMan {
  /** Scheme, host and port of that address: where Alertmanager may connect to. */
  readonly origin: string;
  /** @default 60 */
  readonly everySeconds?: number | undefined;
}

/** Who is told of alerts; nobody is told whom nothing is stated for. Secrets are in the stack's configuration. */
export interface Receivers {
  readonly telegram?: Telegram | undefined;
  readonly slack?: Slack | undefined;
  readonly email?: Email | undefined;
  readonly wechat?: WeChat | undefined;
  readonly webhook?: Webhook | undefined;
  readonly deadMan?: DeadMan | undefined;
}
