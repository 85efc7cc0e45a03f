import type { FileSpec } from "../core/spec";

/**
 * Starts PostgreSQL with the password of its secret. The images set a password only when they make the database, so that
 * a rotated secret, or a new one beside a kept volume, would lock everybody out. The server is not reachable while the
 * password is set, and the statement is kept out of its log. A standby takes its roles from its primary.
 */
export const postgresStart: Pick<FileSpec, "path" | "content"> & { readonly command: readonly string[] } = {
  path: "/etc/postgresql/start.sh",
  command: ["sh", "/etc/postgresql/start.sh"],
  content: String.raw`#!/bin/sh
set -eu
if [ -s "$PGDATA/PG_VERSION" ] && [ ! -e "$PGDATA/standby.signal" ]; then
  password=$(sed "s/'/''/g" "$POSTGRES_PASSWORD_FILE")
  printf "ALTER ROLE \"%s\" PASSWORD '%s';\n" "$POSTGRES_USER" "$password" |
    postgres --single -D "$PGDATA" -c log_statement=none -c log_min_error_statement=panic postgres >/dev/null
fi
exec docker-entrypoint.sh postgres "$@"
`,
};
