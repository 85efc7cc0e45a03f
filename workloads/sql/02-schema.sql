-- Orders, what became of them, and what the account is worth. Safe to run again.
-- Prices, fees and values are USD; quantities are units of the symbol.

CREATE TABLE IF NOT EXISTS orders (
  id              uuid PRIMARY KEY,
  symbol          text NOT NULL,
  side            text NOT NULL CHECK (side IN ('buy', 'sell')),
  quantity        numeric(24, 8) NOT NULL CHECK (quantity > 0),
  reference_price numeric(24, 8) NOT NULL CHECK (reference_price > 0),
  status          text NOT NULL DEFAULT 'placed'
                  CHECK (status IN ('placed', 'approved', 'filled', 'rejected', 'expired')),
  reason          text,
  placed_at       timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT reason_of_failure CHECK (status NOT IN ('rejected', 'expired') OR reason IS NOT NULL)
);

-- Orders on their way are few among the many that are done.
CREATE INDEX IF NOT EXISTS orders_open ON orders (symbol) WHERE status IN ('placed', 'approved');
CREATE INDEX IF NOT EXISTS orders_by_time ON orders (placed_at);

-- An order is filled once, whatever happens to the process that fills it: the order's id is the key.
CREATE TABLE IF NOT EXISTS fills (
  order_id    uuid PRIMARY KEY REFERENCES orders (id),
  number      bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  symbol      text NOT NULL,
  side        text NOT NULL CHECK (side IN ('buy', 'sell')),
  quantity    numeric(24, 8) NOT NULL CHECK (quantity > 0),
  price       numeric(24, 8) NOT NULL CHECK (price > 0),
  fee         numeric(24, 8) NOT NULL CHECK (fee >= 0),
  latency_ms  double precision NOT NULL CHECK (latency_ms >= 0),
  executed_at timestamptz NOT NULL
);

CREATE INDEX IF NOT EXISTS fills_by_symbol ON fills (symbol, executed_at);

-- The sum of the fills of a symbol, bought less sold; kept by the statement that writes a fill.
CREATE TABLE IF NOT EXISTS positions (
  symbol     text PRIMARY KEY,
  quantity   numeric(24, 8) NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS pnl_snapshots (
  id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at               timestamptz NOT NULL DEFAULT now(),
  realised         numeric(24, 8) NOT NULL,
  unrealised       numeric(24, 8) NOT NULL,
  equity           numeric(24, 8) NOT NULL,
  drawdown_percent numeric(9, 4) NOT NULL CHECK (drawdown_percent >= 0),
  open_positions   integer NOT NULL CHECK (open_positions >= 0)
);

CREATE INDEX IF NOT EXISTS pnl_snapshots_by_time ON pnl_snapshots (at);

CREATE TABLE IF NOT EXISTS risk_events (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id uuid NOT NULL REFERENCES orders (id),
  rule     text NOT NULL,
  reason   text NOT NULL,
  at       timestamptz NOT NULL DEFAULT now(),
  UNIQUE (order_id, rule)
);

CREATE INDEX IF NOT EXISTS risk_events_by_time ON risk_events (at);

GRANT SELECT ON orders, fills, positions, pnl_snapshots, risk_events TO trading_reader;
