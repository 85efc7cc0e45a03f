import { type Order, signed } from "./messages.ts";

export interface RiskLimits {
  /** Largest value of one symbol's position, long or short, in USD. */
  readonly maxPositionSize: number;
  /** Loss since midnight UTC from which on nothing but reducing orders pass, in USD. */
  readonly maxDailyLoss: number;
}

/** What the account looks like when an order is judged. */
export interface Exposure {
  /** Signed quantity held in the order's symbol. */
  readonly position: number;
  /** Signed quantities of approved orders that are not executed yet, one by one. */
  readonly pending: readonly number[];
  /** Loss since midnight UTC in USD; negative when there is a gain. */
  readonly dayLoss: number;
}

export type RiskRule = "max-position-size" | "max-daily-loss";

export type Verdict =
  | { readonly approved: true }
  /** The reason begins with the rule's name. */
  | { readonly approved: false; readonly rule: RiskRule; readonly reason: string };

/**
 * Judges one order. An order that only reduces the position is always let through: whoever is over a limit must be able
 * to get back under it. Pending orders count as if those that make things worse were all executed.
 */
export function assess(
  order: Pick<Order, "side" | "quantity" | "referencePrice">,
  exposure: Exposure,
  limits: RiskLimits,
): Verdict {
  const traded = signed(order.side, order.quantity);
  const worst = worstPosition(exposure, Math.sign(traded));
  const after = worst + traded;
  if (Math.abs(after) <= Math.abs(worst) && Math.sign(after) !== -Math.sign(worst)) {
    return { approved: true };
  }
  if (exposure.dayLoss >= limits.maxDailyLoss) {
    return refuse("max-daily-loss", `lost ${usd(exposure.dayLoss)} today, the limit is ${usd(limits.maxDailyLoss)}`);
  }
  const size = Math.abs(after) * order.referencePrice;
  if (size > limits.maxPositionSize) {
    return refuse(
      "max-position-size",
      `position would be worth ${usd(size)}, the limit is ${usd(limits.maxPositionSize)}`,
    );
  }
  return { approved: true };
}

/** The position after all pending orders in the same direction, none of the others. */
const worstPosition = ({ position, pending }: Exposure, direction: number): number =>
  pending.filter((quantity) => Math.sign(quantity) === direction).reduce((sum, quantity) => sum + quantity, position);

const refuse = (rule: RiskRule, reason: string): Verdict => ({ approved: false, rule, reason: `${rule}: ${reason}` });

const usd = (value: number): string => `${value.toFixed(2)} USD`;
