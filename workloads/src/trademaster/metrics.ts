import { statfs } from "node:fs/promises";
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { pause } from "../platform/retry.ts";
import type { Trade } from "./orders.ts";

/** A sample of the processor's time, and how often there is one. */
const sampleMs = 1_000;
export const refreshMs = 30_000;

/** What the process takes of its machine. */
export interface SystemGauges {
  /** Looks once, which takes a second. */
  refresh(signal: AbortSignal): Promise<void>;
}

export function systemGauges(registry: Registry, folder: string): SystemGauges {
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] });
  const memory = gauge("trademaster_memory_usage_bytes", "Memory of the process.");
  const cpu = gauge("trademaster_cpu_usage_percent", "Share of one core that the process took for a second.");
  const disk = gauge("trademaster_disk_usage_percent", "Share of the disk below the data that is full.");
  return {
    async refresh(signal) {
      const [began, before] = [performance.now(), process.cpuUsage()];
      await pause(sampleMs, signal);
      const { user, system } = process.cpuUsage(before);
      cpu.set((user + system) / 10 / (performance.now() - began));
      memory.set(process.memoryUsage.rss());
      const { blocks, bavail } = await statfs(folder);
      disk.set(blocks === 0 ? 0 : 100 * (1 - bavail / blocks));
    },
  };
}

/** Requests to trade, and how long they took. */
export interface TradeMetrics {
  /** Runs what trades, and counts what came of it; nothing when there was nothing to trade. */
  timed(work: () => Promise<Trade | undefined>): Promise<Trade | undefined>;
}

export function tradeMetrics(registry: Registry): TradeMetrics {
  const registers = [registry];
  const requests = new Counter({
    name: "trademaster_trade_requests_total",
    help: "Orders that were traded, or could not be.",
    labelNames: ["method", "status"],
    registers,
  });
  for (const method of ["manual", "model"]) {
    for (const status of ["success", "failed"]) {
      requests.inc({ method, status }, 0);
    }
  }
  const duration = new Histogram({
    name: "trademaster_trade_duration_seconds",
    help: "Time from taking an order to its end.",
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers,
  });
  return {
    async timed(work) {
      const began = performance.now();
      const trade = await work();
      if (trade !== undefined) {
        duration.observe((performance.now() - began) / 1_000);
        requests.inc({ method: trade.method, status: trade.status });
      }
      return trade;
    },
  };
}

/** What is held, and how good the model is. */
export interface BookMetrics {
  readonly positions: Gauge;
  readonly value: Gauge;
  predicted(model: string, isCorrect: boolean): void;
}

export function bookMetrics(registry: Registry, models: readonly string[]): BookMetrics {
  const registers = [registry];
  const predictions = new Counter({
    name: "trademaster_model_predictions_total",
    help: "Predictions of which the outcome is known.",
    labelNames: ["model", "outcome"],
    registers,
  });
  const accuracy = new Gauge({
    name: "trademaster_model_accuracy",
    help: "Share of the model's predictions that were right, 0 to 1.",
    labelNames: ["model"],
    registers,
  });
  const counts = new Map(models.map((model) => [model, { right: 0, all: 0 }]));
  for (const model of models) {
    for (const outcome of ["correct", "incorrect"]) {
      predictions.inc({ model, outcome }, 0);
    }
    accuracy.set({ model }, 0);
  }
  return {
    positions: new Gauge({ name: "trademaster_active_positions", help: "Symbols that are held.", registers }),
    value: new Gauge({ name: "trademaster_portfolio_value", help: "Value of what is held, in USD.", registers }),
    predicted(model, isCorrect) {
      const { right, all } = counts.get(model) ?? { right: 0, all: 0 };
      const now = { right: right + (isCorrect ? 1 : 0), all: all + 1 };
      counts.set(model, now);
      predictions.inc({ model, outcome: isCorrect ? "correct" : "incorrect" });
      accuracy.set({ model }, now.right / now.all);
    },
  };
}
