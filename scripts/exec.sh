#!/usr/bin/env bash
# Runs a command with the tools and settings of this clone: exec.sh COMMAND...
set -euo pipefail
cd "$(dirname "$0")/.."
eval "$(scripts/env.sh)"
exec "$@"
