import { mean } from "./strategy.ts";

/** The mean of the last `size` values; 0 before the first. */
export interface RecentMean {
  add(value: number): number;
}

export function createRecentMean(size: number): RecentMean {
  const values: number[] = [];
  return {
    add(value) {
      values.push(value);
      if (values.length > size) {
        values.shift();
      }
      return mean(values);
    },
  };
}
