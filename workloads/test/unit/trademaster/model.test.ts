import assert from "node:assert/strict";
import { Registry } from "prom-client";
import { bookMetrics, systemGauges, tradeMetrics } from "../../../src/trademaster/metrics.ts";
import { movingAverage } from "../../../src/trademaster/model.ts";
import type { Trade } from "../../../src/trademaster/orders.ts";

const trade: Trade = { id: "1", symbol: "A", quantity: 1, method: "model", status: "success", price: 2 };

describe("model of TradeMaster", () => {
  it("predicts that prices go on as they do, and learns whether they did", () => {
    const model = movingAverage("m", 1, 2);
    const told = [100, 110, 120, 115, 115, 90].map((price) => model.tell("A", price));
    assert.deepEqual(
      told.map(({ signal, wasRight }) => [signal, wasRight]),
      [
        ["wait", undefined],
        ["long", undefined],
        ["long", true],
        ["short", false],
        // equal averages leave the opinion as it was, and a price that stays decides nothing
        ["short", undefined],
        ["short", true],
      ],
    );
    assert.deepEqual(model.tell("B", 1), { signal: "wait" });
  });
});

describe("metrics of TradeMaster", () => {
  it("are the nine that are asked for, from the start [S2-50]", async () => {
    const registry = new Registry();
    const gauges = systemGauges(registry, ".");
    const [trades, book] = [tradeMetrics(registry), bookMetrics(registry, ["m"])];
    await gauges.refresh(AbortSignal.abort());
    await trades.timed(async () => trade);
    await trades.timed(async () => undefined);
    book.predicted("m", true);
    book.predicted("m", false);
    const text = await registry.metrics();
    const families = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => `${name} ${type}`).sort();
    assert.deepEqual(families, [
      "trademaster_active_positions gauge",
      "trademaster_cpu_usage_percent gauge",
      "trademaster_disk_usage_percent gauge",
      "trademaster_memory_usage_bytes gauge",
      "trademaster_model_accuracy gauge",
      "trademaster_model_predictions_total counter",
      "trademaster_portfolio_value gauge",
      "trademaster_trade_duration_seconds histogram",
      "trademaster_trade_requests_total counter",
    ]);
    for (const line of [
      'trademaster_trade_requests_total{method="model",status="success"} 1',
      'trademaster_trade_requests_total{method="manual",status="failed"} 0',
      "trademaster_trade_duration_seconds_count 1",
      'trademaster_model_predictions_total{model="m",outcome="incorrect"} 1',
      'trademaster_model_accuracy{model="m"} 0.5',
    ])
      assert.ok(text.includes(`${line}\n`), line);
    const disk = Number(/^trademaster_disk_usage_percent (\S+)$/m.exec(text)?.[1]);
    assert.ok(disk > 0 && disk < 100, `${disk}`);
  });
});
