import type { DeployedSystem } from "../systems/deployed-system";

/** Something that goes wrong in a running system, and how it is put right. */
export interface Fault {
  begin(): Promise<void>;
  end(): Promise<void>;
}

/**
 * Faults of algo-trading that need nothing in its programs: they are made in its stores and beside its processes, as they
 * would come about.
 */
export function tradingFaults(deployed: DeployedSystem) {
  const sql = (statement: string): Promise<string> =>
    deployed.inside("postgres", "psql", "-h", "127.0.0.1", "-U", "trader", "-d", "trading", "-At", "-c", statement);

  return {
    /** The database takes three seconds for each fill. */
    slowOrders: {
      begin: async () => {
        await sql(`
          CREATE FUNCTION rehearsed_delay() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(3); RETURN NEW; END';
          CREATE TRIGGER rehearsed_delay BEFORE INSERT ON fills FOR EACH ROW EXECUTE FUNCTION rehearsed_delay()`);
      },
      end: async () => void (await sql("DROP FUNCTION rehearsed_delay CASCADE")),
    },
    /** Redis takes no prices. It takes them again by itself after ten minutes. */
    stalePrices: {
      begin: async () => void (await deployed.inside("redis", "redis-cli", "client", "pause", "600000", "write")),
      end: async () => void (await deployed.inside("redis", "redis-cli", "client", "unpause")),
    },
    /** The books say that the account was worth more once, and the bot takes it over anew, as after a fault of its own. */
    drawdown: {
      begin: async () => {
        await sql(`
          INSERT INTO pnl_snapshots (realised, unrealised, equity, drawdown_percent, open_positions)
          VALUES (0, 0, ${rehearsedPeak}, 0, 0)`);
        await sql(newTerm);
      },
      end: async () => {
        await sql(`DELETE FROM pnl_snapshots WHERE equity = ${rehearsedPeak}`);
        await sql(newTerm);
      },
    },
    /** A process beside the risk manager takes nine tenths of its memory, and gives it back when it is asked, or after ten minutes. */
    fullMemory: {
      begin: async () => {
        await deployed.inside("risk-manager", "node", "-e", startEater);
      },
      end: async () => {
        await deployed.inside(
          "risk-manager",
          "node",
          "-e",
          `fetch("http://127.0.0.1:${eaterPort}").catch(() => undefined)`,
        );
      },
    },
  } satisfies Record<string, Fault>;
}

const rehearsedPeak = 123_456;

/** Ends the connection that the right to trade hangs on; the bot takes it again with a new one. */
const newTerm = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = 7282001";

const eaterPort = 9_876;

/** Fills memory piece by piece until the control group is at nine tenths, and waits. */
const eater = `
  const { readFileSync, existsSync } = require("node:fs");
  const read = (...paths) => Number(readFileSync(paths.find(existsSync), "utf8"));
  const used = () => read("/sys/fs/cgroup/memory.current", "/sys/fs/cgroup/memory/memory.usage_in_bytes");
  const limit = read("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes");
  const eaten = [];
  while (used() < 0.9 * limit) eaten.push(Buffer.alloc(1 << 20, 1));
  require("node:http").createServer(() => process.exit()).listen(${eaterPort}, "127.0.0.1");
  setTimeout(() => process.exit(), 600_000);`;

const startEater = `
  require("node:child_process")
    .spawn(process.execPath, ["-e", ${JSON.stringify(eater)}], { detached: true, stdio: "ignore" })
    .unref()`;
