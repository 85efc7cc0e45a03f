import assert from "node:assert/strict";
import type { Order } from "../../src/domain/messages.ts";
import { isGenuine, signOrder } from "../../src/domain/signature.ts";

const account = { apiKey: "key", apiSecret: "secret" };
const order: Order = { id: "1", symbol: "A", side: "buy", quantity: 1, referencePrice: 100, placedAt: 5 };

describe("signature", () => {
  it("is genuine for the account that signed, also after a journey as text", () => {
    const sent = signOrder(order, account);
    assert.equal(isGenuine(JSON.parse(JSON.stringify(sent)), account), true);
    assert.equal(JSON.stringify(sent).includes(account.apiSecret), false);
  });

  it("is not when anything was changed, or signed by somebody else", () => {
    const sent = signOrder(order, account);
    const forged = [
      { ...sent, quantity: 2 },
      { ...sent, side: "sell" as const },
      { ...sent, symbol: "B" },
      { ...sent, id: "2" },
      { ...sent, apiKey: "other" },
      { ...sent, signature: "" },
      { ...sent, signature: "zz" },
      signOrder(order, { ...account, apiSecret: "other" }),
    ];
    assert.deepEqual(
      forged.map((candidate) => isGenuine(candidate, account)),
      forged.map(() => false),
    );
  });
});
