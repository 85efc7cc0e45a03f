import type { Fill, Order } from "./messages.ts";
import { createDrawdown, createPortfolio } from "./portfolio.ts";

/** What is known of the account when the bot takes it over. */
export interface AccountHistory {
  /** Every fill there was, oldest first. */
  readonly fills: readonly Fill[];
  readonly openOrders: readonly Order[];
  /** The highest equity that was noted, in USD. */
  readonly peakEquity?: number | undefined;
}

/** All in USD but the drawdown, which is in percent of the highest equity. */
export interface AccountSummary {
  readonly realised: number;
  readonly unrealised: number;
  readonly pnl: number;
  readonly equity: number;
  readonly drawdownPercent: number;
  readonly openPositions: number;
}

/** The bot's own books: orders on their way, positions, and what they are worth. */
export interface Account {
  /** Notes an order as on its way. */
  open(order: Order): void;
  /** Books the fill of an order that is on its way, and gives the order; a fill that was booked before changes nothing. */
  fill(fill: Fill): Order | undefined;
  /** Forgets an order that will not be filled. */
  drop(orderId: string): Order | undefined;
  /** Values the symbol's position at the price from now on. */
  mark(symbol: string, price: number): void;
  hasOpenOrder(symbol: string): boolean;
  /** Orders that have been on their way since before the moment. */
  openSince(moment: number): Order[];
  /** Signed quantity held. */
  position(symbol: string): number;
  summary(): AccountSummary;
}

export function createAccount(startingEquity: number, { fills, openOrders, peakEquity = 0 }: AccountHistory): Account {
  const portfolio = createPortfolio();
  const drawdown = createDrawdown(Math.max(startingEquity, peakEquity));
  const open = new Map(openOrders.map((order) => [order.id, order]));
  for (const fill of fills) {
    portfolio.apply(fill);
  }

  const drop = (orderId: string): Order | undefined => {
    const order = open.get(orderId);
    open.delete(orderId);
    return order;
  };

  return {
    open(order) {
      open.set(order.id, order);
    },
    fill(fill) {
      const order = drop(fill.orderId);
      if (order !== undefined) {
        portfolio.apply(fill);
      }
      return order;
    },
    drop,
    mark: portfolio.mark,
    hasOpenOrder: (symbol) => [...open.values()].some((order) => order.symbol === symbol),
    openSince: (moment) => [...open.values()].filter(({ placedAt }) => placedAt < moment),
    position: (symbol) => portfolio.position(symbol).quantity,
    summary() {
      const pnl = portfolio.pnl();
      const equity = startingEquity + pnl;
      return {
        realised: portfolio.realised(),
        unrealised: portfolio.unrealised(),
        pnl,
        equity,
        drawdownPercent: drawdown.update(equity),
        openPositions: portfolio.openPositions(),
      };
    },
  };
}
