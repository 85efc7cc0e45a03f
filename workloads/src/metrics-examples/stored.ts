/** The newest price of a share in a store. */
export interface Stored {
  readonly store: "graphite" | "influxdb";
  readonly ticker: string;
  readonly price: number;
  /** In seconds since 1970. */
  readonly at: number;
}
