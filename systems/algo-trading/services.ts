import { external } from "../../components/core/connect";
import type { ServiceHandle } from "../../components/core/service-handle";
import type { ServiceSpec } from "../../components/core/spec";
import { processMetrics } from "../../components/monitoring/process-metrics";
import { highDrawdown, marketDataStale, orderExecutionSlow } from "./alerts";
import { ordersDashboard } from "./dashboards";
import type { AlgoTradingSettings } from "./settings";
import { accountOf, connectToStores, health, type Surroundings, workload } from "./workload";

/** Decides what to buy and sell. Where there are several, one trades and the others stand by. */
export function tradingBot(around: Surroundings): ServiceHandle {
  const { settings } = around;
  const alone = !settings.loadBalancer;
  const published = settings.development && alone;
  const bot = workload(around, "trading-bot", {
    ...howMany(settings),
    ports: {
      http: { number: 8080, ...(published ? { exposure: "loopback" } : {}) },
      ...(published ? { debug: { number: debugPort, exposure: "loopback" } } : {}),
    },
    ...(published ? { debugger: debugPort } : {}),
    env: {
      ...riskLimits(settings),
      ...accountOf("trading-bot", around),
      TRADING_LEADER_LOCK: String(!alone),
      CONFIG_DIR: configFolder,
      ...(alone ? { LOG_DIR: logFolder } : {}),
    },
    files: [{ path: `${configFolder}/strategy.json`, content: `${JSON.stringify(strategy, null, 2)}\n` }],
    // Replicas cannot share a file, so theirs is the log of the container alone.
    volumes: alone ? { logs: { path: logFolder, sizeMiB: 64 } } : {},
    resources: botResources[settings.profile],
    probes: health({ periodSeconds: 30, timeoutSeconds: 10, failures: 3 }),
    update: { order: "stopFirst", parallelism: 1, pauseSeconds: 30, onFailure: "rollback" },
    logging: { maxSizeMiB: 100, maxFiles: 5 },
  });
  connectToStores(bot, "trading-bot", around).alerts(highDrawdown, orderExecutionSlow);
  return reachingExchange(bot, settings).metricsOn("http", {
    intervalSeconds: 5,
    timeoutSeconds: 5,
    names: [
      ...processMetrics,
      "trading_orders_total",
      "trading_orders_filled",
      "trading_orders_rejected",
      "trading_pnl_usd",
      "trading_drawdown_percent",
      "trading_order_execution_avg_ms",
      "trading_order_execution_seconds",
      "trading_open_positions",
      "trading_last_pnl_update_timestamp",
      "trading_leader",
    ],
  });
}

/** Feeds prices. Two of it would write two markets over each other. */
export function marketData(around: Surroundings): ServiceHandle {
  const { settings, prices } = around;
  const feed = workload(around, "market-data", {
    singleton: true,
    env: { SYMBOLS: settings.symbols.join(","), ...seed(settings) },
    update: { order: "stopFirst" },
  });
  feed.connectsTo(prices, { env: ({ url }) => ({ REDIS_URL: url }) }).alerts(marketDataStale);
  return reachingExchange(feed, settings).metricsOn("http", {
    names: [
      ...processMetrics,
      "trading_last_price_update_timestamp",
      "market_data_updates_total",
      "market_data_live_symbols",
    ],
  });
}

/** Judges every order before it may be executed. */
export function riskManager(around: Surroundings): ServiceHandle {
  const judge = workload(around, "risk-manager", { env: riskLimits(around.settings) });
  return connectToStores(judge, "risk-manager", around).metricsOn("http", {
    names: [
      ...processMetrics,
      "risk_orders_checked_total",
      "risk_orders_approved_total",
      "risk_orders_rejected_total",
      "risk_day_loss_usd",
    ],
  });
}

/** Executes approved orders. */
export function orderExecution(around: Surroundings): ServiceHandle {
  const { settings } = around;
  const execution = workload(around, "order-execution", {
    env: { ...accountOf("order-execution", around), ...seed(settings) },
  });
  const whole = reachingExchange(connectToStores(execution, "order-execution", around), settings);
  return whole.dashboard(ordersDashboard()).metricsOn("http", {
    names: [
      ...processMetrics,
      "execution_orders_filled_total",
      "execution_orders_rejected_total",
      "execution_orders_repeated_total",
      "execution_latency_seconds_bucket",
      "execution_latency_seconds_count",
      "execution_latency_seconds_sum",
    ],
  });
}

const debugPort = 9229;
const configFolder = "/app/config";
const logFolder = "/app/logs";

/** Moving averages over five and twenty prices; orders of a tenth of the largest position. */
const strategy = { fastTicks: 5, slowTicks: 20, startingEquityUsd: 100_000, cooldownSeconds: 30 };

const botResources = {
  small: { cpuMillis: { request: 100, limit: 2000 }, memoryMiB: { request: 512, limit: 2048 } },
  full: { cpuMillis: { request: 2000, limit: 4000 }, memoryMiB: { request: 2048, limit: 4096 } },
};

/** One bot, or two behind the load balancer, or as many as an autoscaler thinks right; never fewer than two then. */
function howMany({ loadBalancer, maxBots }: AlgoTradingSettings): Pick<ServiceSpec, "replicas" | "autoscale"> {
  if (!loadBalancer) return {};
  return maxBots === undefined ? { replicas: 2 } : { autoscale: { min: 2, max: maxBots, cpuPercent: 70 } };
}

const riskLimits = ({ maxPositionSize, maxDailyLoss }: AlgoTradingSettings): Record<string, string> => ({
  MAX_POSITION_SIZE: String(maxPositionSize),
  MAX_DAILY_LOSS: String(maxDailyLoss),
});

const seed = ({ seed }: AlgoTradingSettings): Record<string, string> =>
  seed === undefined ? {} : { SEED: String(seed) };

/** On paper nobody outside is asked. */
function reachingExchange(handle: ServiceHandle, { exchange, exchangeHost }: AlgoTradingSettings): ServiceHandle {
  return exchange === "live" ? handle.reaches(external(exchangeHost, 443)) : handle;
}
