import assert from "node:assert/strict";
import { defineSystem } from "../../components/builder";
import { external } from "../../components/core/connect";
import { mermaid } from "../../components/diagram";

describe("mermaid", () => {
  it("draws stores as cylinders, waits as lines, the rest as dots, and what is outside", () => {
    const shop = defineSystem("shop", (s) => {
      const store = s.service("end", { kind: "stateful", image: "store:1", ports: { tcp: { number: 7000 } } });
      const api = s.service("web-api", { image: "api:1", replicas: 2, ports: { http: { number: 80 } } });
      const front = s.service("front", { image: "front:1", ports: { http: { number: 81 } } });
      api.connectsTo(store).reaches(external("pay.example.com", 443));
      front.connectsTo(api, { wait: "none" });
    });
    assert.deepEqual(mermaid(shop.plan()).split("\n"), [
      "flowchart LR",
      '  n_end[("end")]',
      '  n_front["front"]',
      '  n_web_api["web-api × 2"]',
      '  n_pay_example_com{{"pay.example.com"}}',
      "  n_front -.->|80| n_web_api",
      "  n_web_api -->|7000| n_end",
      "  n_web_api -.->|443| n_pay_example_com",
    ]);
  });
});
