-- Orders that somebody placed, and the trades that workers made of them. Safe to run again.
-- Prices and values are USD; quantities are units of the symbol.

-- What each statement costs; the server preloads the library.
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;

CREATE TABLE IF NOT EXISTS orders (
  id         bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  symbol     text NOT NULL,
  quantity   numeric(18, 4) NOT NULL CHECK (quantity <> 0),
  method     text NOT NULL CHECK (method IN ('manual', 'model')),
  status     text NOT NULL DEFAULT 'placed' CHECK (status IN ('placed', 'success', 'failed')),
  price      numeric(18, 4) CHECK (price > 0),
  placed_at  timestamptz NOT NULL DEFAULT now(),
  traded_at  timestamptz,
  CONSTRAINT traded_once CHECK ((status = 'placed') = (traded_at IS NULL)),
  CONSTRAINT success_has_price CHECK (status <> 'success' OR price IS NOT NULL)
);

-- Orders that wait are few among the many that are done.
CREATE INDEX IF NOT EXISTS orders_waiting ON orders (id) WHERE status = 'placed';
CREATE INDEX IF NOT EXISTS orders_done ON orders (symbol) WHERE status = 'success';
