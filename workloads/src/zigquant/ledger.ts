import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const tradeSchema = z.strictObject({
  at: z.number(),
  side: z.enum(["buy", "sell"]),
  price: z.number(),
  quantity: z.number(),
  /** Gain of the position that the trade ended; absent for the first one. */
  profit: z.number().optional(),
});

export type Trade = z.output<typeof tradeSchema>;

const stateSchema = z.strictObject({
  trades: z.int(),
  /** Trades that ended a position, and those of them that earned. */
  closed: z.int(),
  won: z.int(),
  recent: z.array(tradeSchema),
});

type State = z.output<typeof stateSchema>;

const keptTrades = 100;

/** All trades in figures, and the last of them; in a file that outlives the container. */
export interface Ledger {
  readonly state: Readonly<State>;
  /** Share of the closed positions that earned; 0 before the first. */
  winRate(): number;
  /** Writes the trade down, or fails and forgets it. */
  add(trade: Trade): void;
}

/** Opens the ledger of a folder; a file that makes no sense is an error, as to begin anew would hide a loss. */
export function openLedger(folder: string): Ledger {
  const path = join(folder, "ledger.json");
  let state: State = readLedger(path);
  return {
    get state() {
      return state;
    },
    winRate: () => (state.closed === 0 ? 0 : state.won / state.closed),
    add(trade) {
      const { profit } = trade;
      const next = {
        trades: state.trades + 1,
        closed: state.closed + (profit === undefined ? 0 : 1),
        won: state.won + (profit !== undefined && profit > 0 ? 1 : 0),
        recent: [...state.recent, trade].slice(-keptTrades),
      };
      // a file that is half written must not take the place of a whole one
      writeFileSync(`${path}.new`, JSON.stringify(next));
      renameSync(`${path}.new`, path);
      state = next;
    },
  };
}

function readLedger(path: string): State {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return { trades: 0, closed: 0, won: 0, recent: [] };
    }
    throw error;
  }
}
