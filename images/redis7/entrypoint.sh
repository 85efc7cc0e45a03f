#!/bin/sh
# Options and configuration files go to redis-server. Debian's server refuses clients of other hosts until it has a
# password; upstream's image does not, so this is switched off unless the arguments say otherwise.
set -eu
case ${1:-} in
  -* | *.conf) set -- redis-server "$@" ;;
esac
if [ "${1:-}" = redis-server ]; then
  umask 0077
  case " $* " in
    *' --protected-mode '*) ;;
    *) if ! [ -f "${2:-}" ] || ! grep -q '^[[:space:]]*protected-mode' "$2"; then set -- "$@" --protected-mode no; fi ;;
  esac
fi
exec "$@"
