#!/bin/bash
# Starts the server; creates the database first where the data folder holds none. The first start works in a folder
# beside the final place and PG_VERSION moves last, so a start that is killed half-way is simply begun anew.
set -euo pipefail

say() { echo "entrypoint: $*" >&2; }
fail() { say "$*"; exit 1; }

# setting NAME DEFAULT: the value of NAME, or the content of the file that NAME_FILE names.
setting() {
  local name=$1 file="$1_FILE"
  if [[ -n ${!file:-} ]]; then
    [[ -z ${!name:-} ]] || fail "both $name and $file are set; set one of them"
    [[ -r ${!file} ]] || fail "$file names ${!file}, which user $(id -u) cannot read"
    printf '%s' "$(< "${!file}")"
  else
    printf '%s' "${!name:-${2-}}"
  fi
}

# run_scripts USER DATABASE: what the image was given in /docker-entrypoint-initdb.d, in the order of names.
run_scripts() {
  local script
  local -a sql=(psql -v ON_ERROR_STOP=1 --quiet --no-psqlrc --no-password --username "$1" --dbname "$2")
  for script in /docker-entrypoint-initdb.d/*; do
    case $script in
      *.sh) say "running $script"; if [[ -x $script ]]; then "$script"; else . "$script"; fi ;;
      *.sql) say "running $script"; "${sql[@]}" --file "$script" ;;
      *.sql.gz) say "running $script"; gunzip --stdout "$script" | "${sql[@]}" ;;
      */\*) ;;
      *) say "ignoring $script" ;;
    esac
  done
}

initialise() {
  local user password database method server quoted
  user=$(setting POSTGRES_USER postgres)
  password=$(setting POSTGRES_PASSWORD)
  database=$(setting POSTGRES_DB "$user")
  method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
  [[ -n $password || $method == trust ]] || fail 'POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE must be set for the first start'

  local final=$PGDATA marker=$PGDATA/.first-start
  if [[ -e $marker ]]; then
    say 'the last first start was interrupted; beginning anew'
    find "$final" -mindepth 1 -maxdepth 1 ! -name lost+found ! -name .first-start -exec rm -rf {} +
  elif [[ -n $(find "$final" -mindepth 1 -maxdepth 1 ! -name lost+found -print -quit) ]]; then
    fail "$final is not empty, but holds no database; give it an empty volume"
  fi
  touch "$marker"

  # the scripts see the folder that they may change, and a server that nobody else can reach
  export PGDATA=$final/.building PGHOST PGUSER=$user PGDATABASE=$database
  PGHOST=$(mktemp --directory)
  # shellcheck disable=SC2086 # several arguments in one variable, as upstream has it
  initdb --no-sync --username "$user" --pwfile <(printf '%s\n' "$password") --encoding UTF8 ${POSTGRES_INITDB_ARGS:-} > /dev/null
  printf '\nhost all all all %s\n' "$method" >> "$PGDATA/pg_hba.conf"
  postgres -c listen_addresses= -c "unix_socket_directories=$PGHOST" -c fsync=off &
  server=$!
  until pg_isready --quiet --dbname postgres; do
    kill -0 "$server" 2> /dev/null || fail 'the server did not start'
    sleep 0.1
  done
  if [[ $database != postgres ]]; then
    quoted=${database//\"/\"\"}
    psql -v ON_ERROR_STOP=1 --quiet --no-psqlrc --dbname postgres --command "CREATE DATABASE \"$quoted\""
  fi
  run_scripts "$user" "$database"
  kill -INT "$server"
  wait "$server"
  rm -rf "$PGHOST"

  # written to disk once, here; what came before would be done again anyway
  initdb --sync-only > /dev/null
  find "$PGDATA" -mindepth 1 -maxdepth 1 ! -name PG_VERSION -exec mv --target-directory "$final" {} +
  sync "$final"
  mv "$PGDATA/PG_VERSION" "$final/PG_VERSION"
  rm -rf "$PGDATA" "$marker"
  export PGDATA=$final
  unset PGHOST PGUSER PGDATABASE
}

if [[ ${1:-} == -* ]]; then set -- postgres "$@"; fi
if [[ ${1:-} == postgres ]]; then
  # the first process of a container gets no signal that it does not ask for
  trap 'exit 143' TERM INT
  if [[ ! -s $PGDATA/PG_VERSION ]]; then
    mkdir -p "$PGDATA"
    initialise
  else
    rm -rf "$PGDATA/.building" "$PGDATA/.first-start"
  fi
  chmod 0700 "$PGDATA" 2> /dev/null || true
  trap - TERM INT
fi
exec "$@"
