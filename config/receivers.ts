import { z } from "zod";
import { webUrl as url } from "./url";

const severities = z.array(z.enum(["critical", "warning", "info"])).min(1);
const origin = url.refine(
  (given) => new URL(given).href === `${new URL(given).origin}/`,
  "leave out what follows the host",
);

/** Of whose alerts, and of which, a receiver is told. */
const interest = {
  severities: severities.optional().describe("severities to tell of; critical and warning when absent"),
  systems: z
    .array(z.string())
    .min(1)
    .optional()
    .describe("systems to tell of, and cluster for the cluster itself with monitoring: cluster; all when absent"),
};

/** Who is told of alerts; each only when it is configured. What is secret about them has keys of its own. */
export const receiversSchema = z.strictObject({
  telegram: z
    .strictObject({
      chatId: z.int().describe("chat that the bot writes to; its token is telegramBotToken"),
      apiUrl: url.default("https://api.telegram.org").describe("interface of Telegram's bots"),
      ...interest,
    })
    .optional(),
  slack: z
    .strictObject({
      origin: origin.default("https://hooks.slack.com").describe("scheme and host of slackWebhookUrl"),
      channel: z.string().min(1).optional().describe("channel, where the webhook does not decide it"),
      ...interest,
    })
    .optional(),
  email: z
    .strictObject({
      to: z.array(z.email()).min(1).describe("who gets letters"),
      from: z.email().describe("sender of letters"),
      host: z.string().min(1).describe("server that takes letters by SMTP"),
      port: z.int().min(1).max(65_535).default(587).describe("its port"),
      user: z.string().min(1).optional().describe("user at that server, with smtpPassword; none when absent"),
      requireTls: z.boolean().default(true).describe("whether a server without TLS is refused"),
      ...interest,
    })
    .optional(),
  wechat: z
    .strictObject({
      corpId: z.string().min(1).describe("id of the company at WeChat Work"),
      agentId: z.int().describe("id of the application that writes; its secret is wechatApiSecret"),
      toUser: z.string().min(1).default("@all").describe("who gets messages, separated by |"),
      apiUrl: url
        .refine((given) => given.endsWith("/"), "end it with /")
        .default("https://qyapi.weixin.qq.com/cgi-bin/")
        .describe("interface of WeChat Work"),
      ...interest,
    })
    .optional(),
  webhook: z
    .strictObject({
      url: url.describe("where Alertmanager posts alerts as JSON"),
      token: z.boolean().default(false).describe("whether to send alertWebhookToken as bearer token"),
      ...interest,
      severities: severities.optional().describe("severities to tell of; all when absent"),
    })
    .optional(),
  deadMan: z
    .strictObject({
      origin: origin.describe("scheme and host of deadManUrl, which is told that alerting works"),
      everySeconds: z.int().min(5).max(3600).default(60).describe("how often"),
    })
    .optional(),
});

/** Secrets of the receivers, by key. */
export const receiverSecretKeys = {
  telegramBotToken: "token of the bot, for receivers.telegram",
  slackWebhookUrl: "address of the webhook, for receivers.slack",
  smtpPassword: "password of the user, for receivers.email",
  wechatApiSecret: "secret of the application, for receivers.wechat",
  alertWebhookToken: "bearer token, for receivers.webhook",
  deadManUrl: "address that is told that alerting works, for receivers.deadMan; the system's name stands for {system}",
} as const;
