-- What holds for the whole database. Safe to run again.

-- Days begin at midnight UTC: limits of risk are counted by the day.
DO $$
BEGIN
  EXECUTE format('ALTER DATABASE %I SET timezone TO %L', current_database(), 'UTC');
END
$$;

-- For people and dashboards that look but must not touch. Grant it to a login role to use it.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'trading_reader') THEN
    CREATE ROLE trading_reader NOLOGIN;
  END IF;
END
$$;
