import type { FileSpec } from "../core/spec";

/**
 * Starts InfluxDB with its database, its administrator and the database's own user. The image makes them only on an empty
 * volume, and from variables; here the passwords are those of the secrets at each start, so that a rotated one counts. While
 * that is done the server listens at another port of the loopback address alone, and asks nobody for a password.
 */
export const influxdbStart: Pick<FileSpec, "path" | "content"> & { readonly command: readonly string[] } = {
  path: "/etc/influxdb/start.sh",
  command: ["sh", "/etc/influxdb/start.sh"],
  content: String.raw`#!/bin/sh
set -eu
export INFLUXDB_META_DIR=/var/lib/influxdb/meta INFLUXDB_DATA_DIR=/var/lib/influxdb/data
export INFLUXDB_DATA_WAL_DIR=/var/lib/influxdb/wal INFLUXDB_REPORTING_DISABLED=true
export INFLUXDB_HTTP_LOG_ENABLED=false INFLUXDB_DATA_QUERY_LOG_ENABLED=false INFLUXDB_BIND_ADDRESS=127.0.0.1:8088

INFLUXDB_HTTP_AUTH_ENABLED=false INFLUXDB_HTTP_BIND_ADDRESS=127.0.0.1:8087 influxd &
server=$!
ask() { influx -host 127.0.0.1 -port 8087 "$@"; }
tries=0
until ask -execute 'SHOW DATABASES' >/dev/null 2>&1; do
  tries=$((tries + 1))
  if [ "$tries" -gt 300 ] || ! kill -0 "$server"; then echo 'influxd does not start' >&2; exit 1; fi
  sleep 0.2
done
user() { # name, file with the password, rights
  password=$(sed "s/\\\\/\\\\\\\\/g; s/'/\\\\'/g" "$2")
  # the passwords come by standard input: arguments can be seen by every process
  printf "CREATE USER \"%s\" WITH PASSWORD '%s' %s" "$1" "$password" "$3" | ask | grep -v 'user already exists' || true
  printf "SET PASSWORD FOR \"%s\" = '%s'" "$1" "$password" | ask
}
ask -execute "CREATE DATABASE \"$INFLUXDB_DB\""
user admin "$INFLUXDB_ADMIN_PASSWORD_FILE" 'WITH ALL PRIVILEGES'
user "$INFLUXDB_USER" "$INFLUXDB_USER_PASSWORD_FILE" ''
ask -execute "GRANT ALL ON \"$INFLUXDB_DB\" TO \"$INFLUXDB_USER\""
ask -execute 'SHOW USERS' | grep -q "^admin *true" || { echo 'there is no administrator' >&2; exit 1; }
kill "$server"
wait "$server" || true

export INFLUXDB_HTTP_AUTH_ENABLED=true INFLUXDB_HTTP_BIND_ADDRESS=:8086
exec influxd
`,
};
