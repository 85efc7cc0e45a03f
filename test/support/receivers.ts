import type { Receivers } from "../../components/monitoring/receivers/settings";

/** One receiver of each kind, each with a secret. */
export const everyReceiver = {
  telegram: { chatId: -100_200 },
  slack: {},
  email: { to: ["ops@example.com"], from: "alerts@example.com", host: "mail.example.com", user: "alerts" },
  wechat: { corpId: "ww1", agentId: 7 },
  webhook: { url: "https://hooks.example.com:8443/x", token: true },
  deadMan: { origin: "https://ping.example.com" },
} satisfies Receivers;
