import { Counter, Gauge, type Registry } from "prom-client";
import type { AccountSummary } from "../domain/account.ts";
import { createRecentMean } from "../domain/recent-mean.ts";
import { roundTo } from "../domain/strategy.ts";

/** The bot's metrics; none has labels. */
export interface TradingMetrics {
  readonly placed: Counter;
  readonly filled: Counter;
  readonly rejected: Counter;
  /** Notes how long an order took from its placing to the news of its fill. */
  executed(milliseconds: number): void;
  account(summary: AccountSummary): void;
  leader(isLeader: boolean): void;
}

const executionsInMean = 1_000;

export function createTradingMetrics(registry: Registry): TradingMetrics {
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] });
  const counter = (name: string, help: string) => new Counter({ name, help, registers: [registry] });

  const pnl = gauge("trading_pnl_usd", "Gains and losses, locked in and open, in USD.");
  const drawdown = gauge("trading_drawdown_percent", "How far the equity is below its peak, in percent.");
  const meanMs = gauge("trading_order_execution_avg_ms", "Mean of the last 1000 executions, in milliseconds.");
  const lastSeconds = gauge("trading_order_execution_seconds", "Time of the last execution, in seconds.");
  const positions = gauge("trading_open_positions", "Symbols that are held long or short.");
  const pnlUpdate = gauge("trading_last_pnl_update_timestamp", "When the P&L was last valued, in seconds since 1970.");
  const leading = gauge("trading_leader", "1 if this replica trades, 0 if it stands by.");
  const recent = createRecentMean(executionsInMean);

  return {
    placed: counter("trading_orders_total", "Orders placed."),
    filled: counter("trading_orders_filled", "Orders filled."),
    rejected: counter("trading_orders_rejected", "Orders rejected, by the risk manager or the exchange, or expired."),
    executed(milliseconds) {
      lastSeconds.set(milliseconds / 1_000);
      meanMs.set(roundTo(recent.add(milliseconds), 2));
    },
    account(summary) {
      pnl.set(roundTo(summary.pnl, 2));
      drawdown.set(roundTo(summary.drawdownPercent, 2));
      positions.set(summary.openPositions);
      pnlUpdate.set(Date.now() / 1_000);
    },
    leader: (isLeader) => leading.set(isLeader ? 1 : 0),
  };
}
