import { type Fill, signed } from "./messages.ts";

/** A holding in one symbol. The quantity is negative when short; prices in USD per unit. */
interface Position {
  readonly quantity: number;
  readonly averagePrice: number;
}

const flat: Position = { quantity: 0, averagePrice: 0 };

/** Less than this is the dust that floating-point sums leave behind. */
const dust = 1e-9;

export interface Portfolio {
  /** Books an executed trade. */
  apply(fill: Pick<Fill, "symbol" | "side" | "quantity" | "price" | "fee">): void;
  /** Sets the price at which the symbol's position is valued from now on. */
  mark(symbol: string, price: number): void;
  position(symbol: string): Position;
  /** Number of symbols that are held long or short. */
  openPositions(): number;
  /** Gains that trades have locked in, less fees, in USD. */
  realised(): number;
  /** Gains of the open positions at the last marks, in USD. */
  unrealised(): number;
  pnl(): number;
}

/** Books trades at average cost. A position without a mark counts at its own price, so as neither gain nor loss. */
export function createPortfolio(): Portfolio {
  const positions = new Map<string, Position>();
  const marks = new Map<string, number>();
  let realised = 0;

  const position = (symbol: string): Position => positions.get(symbol) ?? flat;

  const unrealised = (): number => {
    let sum = 0;
    for (const [symbol, { quantity, averagePrice }] of positions) {
      sum += quantity * ((marks.get(symbol) ?? averagePrice) - averagePrice);
    }
    return sum;
  };

  return {
    apply({ symbol, side, quantity, price, fee }) {
      const booked = book(position(symbol), signed(side, quantity), price);
      realised += booked.gain - fee;
      positions.set(symbol, booked.position);
    },
    mark(symbol, price) {
      marks.set(symbol, price);
    },
    position,
    openPositions: () => [...positions.values()].filter(({ quantity }) => quantity !== 0).length,
    realised: () => realised,
    unrealised,
    pnl: () => realised + unrealised(),
  };
}

/** A trade closes what is held against it, and what is left of it opens or adds at the trade's own price. */
function book(held: Position, traded: number, price: number): { position: Position; gain: number } {
  const opposed = Math.sign(held.quantity) === -Math.sign(traded);
  const closed = opposed ? Math.min(Math.abs(held.quantity), Math.abs(traded)) * Math.sign(held.quantity) : 0;
  const gain = closed * (price - held.averagePrice);
  const quantity = held.quantity + traded;
  if (Math.abs(quantity) < dust) {
    return { position: flat, gain };
  }
  const flipped = opposed && Math.sign(quantity) === Math.sign(traded);
  const averagePrice = flipped ? price : opposed ? held.averagePrice : averageOf(held, traded, price);
  return { position: { quantity, averagePrice }, gain };
}

const averageOf = (held: Position, traded: number, price: number): number =>
  (held.quantity * held.averagePrice + traded * price) / (held.quantity + traded);

/** Follows the highest equity seen and how far below it the present one is. */
export interface Drawdown {
  /** Takes the present equity in USD; gives the drawdown in percent of the peak, 0 at a new peak. */
  update(equity: number): number;
}

export function createDrawdown(initialPeak: number): Drawdown {
  let peak = initialPeak;
  return {
    update(equity) {
      peak = Math.max(peak, equity);
      return peak > 0 ? ((peak - equity) / peak) * 100 : 0;
    },
  };
}
