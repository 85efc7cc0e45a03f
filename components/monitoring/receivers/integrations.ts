import { type External, external } from "../../core/connect";
import { type SecretRef, text, type Value } from "../../core/value";
import type { DeadMan, Email, Receivers, Severity, Slack, Telegram, Webhook, WeChat } from "./settings";

/** A secret that a receiver needs. */
export interface ReceiverSecret {
  /** Name of the file, and of the secret in the system. */
  readonly name: string;
  /** Key of the stack's configuration. */
  readonly config: string;
  /** What the file holds; the secret alone when absent. */
  content?(secret: SecretRef): Value;
}

/** One way of telling people or programs of alerts, in Alertmanager's words. */
export interface Integration {
  readonly name: keyof Receivers;
  readonly severities: readonly Severity[];
  /** All when absent. */
  readonly systems?: readonly string[] | undefined;
  /** Its part of the receiver, given where the file of its secret is. */
  settings(secretFile: string): object;
  readonly secret?: ReceiverSecret;
  /** Where it has to connect to. */
  readonly reaches: External;
}

/** What is configured, in a fixed order. The dead man is not among them: people are told of everything but him. */
export function integrationsOf({ telegram, slack, email, wechat, webhook }: Receivers): readonly Integration[] {
  return [
    ...(telegram === undefined ? [] : [byTelegram(telegram)]),
    ...(slack === undefined ? [] : [bySlack(slack)]),
    ...(email === undefined ? [] : [byEmail(email)]),
    ...(wechat === undefined ? [] : [byWeChat(wechat)]),
    ...(webhook === undefined ? [] : [byWebhook(webhook)]),
  ];
}

const told: readonly Severity[] = ["critical", "warning"];
const title = '{{ template "twofold.title" . }}';
const body = '{{ template "twofold.text" . }}';
const message = '{{ template "twofold.message" . }}';

function byTelegram({
  chatId,
  apiUrl = "https://api.telegram.org",
  severities = told,
  systems,
}: Telegram): Integration {
  return {
    name: "telegram",
    severities,
    systems,
    settings: (bot_token_file) => ({
      telegram_configs: [
        { api_url: apiUrl, bot_token_file, chat_id: chatId, message, parse_mode: "", send_resolved: true },
      ],
    }),
    secret: { name: "telegram-bot-token", config: "telegramBotToken" },
    reaches: placeOf(apiUrl),
  };
}

function bySlack({ origin = "https://hooks.slack.com", channel, severities = told, systems }: Slack): Integration {
  return {
    name: "slack",
    severities,
    systems,
    settings: (api_url_file) => ({
      slack_configs: [
        {
          api_url_file,
          ...(channel === undefined ? {} : { channel }),
          title,
          title_link: "{{ (index .Alerts 0).Annotations.runbook_url }}",
          fallback: title,
          text: '{{ template "twofold.slack-text" . }}',
          color: '{{ if eq .Status "firing" }}danger{{ else }}good{{ end }}',
          send_resolved: true,
        },
      ],
    }),
    secret: { name: "slack-webhook-url", config: "slackWebhookUrl" },
    reaches: placeOf(origin),
  };
}

function byEmail({
  to,
  from,
  host,
  port = 587,
  user,
  requireTls = true,
  severities = told,
  systems,
}: Email): Integration {
  return {
    name: "email",
    severities,
    systems,
    settings: (auth_password_file) => ({
      email_configs: [
        {
          to: to.join(", "),
          from,
          smarthost: `${host}:${port}`,
          require_tls: requireTls,
          ...(user === undefined ? {} : { auth_username: user, auth_password_file }),
          headers: { Subject: title },
          text: body,
          html: "",
          send_resolved: true,
        },
      ],
    }),
    ...(user === undefined ? {} : { secret: { name: "smtp-password", config: "smtpPassword" } }),
    reaches: external(host, port),
  };
}

/**
 * Alertmanager has a file for this secret, but prometheus-operator 0.85 refuses a configuration that names one. So the
 * secret's file defines a template of its own, which the configuration uses.
 */
function byWeChat(settings: WeChat): Integration {
  const { corpId, agentId, toUser = "@all", severities = told, systems } = settings;
  const { apiUrl = "https://qyapi.weixin.qq.com/cgi-bin/" } = settings;
  return {
    name: "wechat",
    severities,
    systems,
    settings: () => ({
      wechat_configs: [
        {
          api_url: apiUrl,
          api_secret: '{{ template "twofold.wechat-api-secret" . }}',
          corp_id: corpId,
          agent_id: String(agentId),
          to_user: toUser,
          message,
          send_resolved: true,
        },
      ],
    }),
    secret: {
      name: `wechat-api-secret${templateEnding}`,
      config: "wechatApiSecret",
      content: (secret) => text`{{ define "twofold.wechat-api-secret" }}${secret}{{ end }}`,
    },
    reaches: placeOf(apiUrl),
  };
}

/** Ends the names of secrets' files that Alertmanager has to read as templates. */
export const templateEnding = ".tmpl";

function byWebhook({ url, token = false, severities = [...told, "info"], systems }: Webhook): Integration {
  return {
    name: "webhook",
    severities,
    systems,
    settings: (credentials_file) => ({
      webhook_configs: [
        {
          url,
          ...(token ? { http_config: { authorization: { type: "Bearer", credentials_file } } } : {}),
          send_resolved: true,
        },
      ],
    }),
    ...(token ? { secret: { name: "alert-webhook-token", config: "alertWebhookToken" } } : {}),
    reaches: placeOf(url),
  };
}

/** How the dead man is told that all is well. */
export function byDeadMan({ origin }: DeadMan): Pick<Integration, "settings" | "reaches"> & { secret: ReceiverSecret } {
  return {
    settings: (url_file) => ({ webhook_configs: [{ url_file, send_resolved: false }] }),
    secret: { name: "dead-man-url", config: "deadManUrl" },
    reaches: placeOf(origin),
  };
}

function placeOf(url: string): External {
  const { protocol, hostname, port } = new URL(url);
  return external(hostname, port === "" ? (protocol === "https:" ? 443 : 80) : Number(port));
}
