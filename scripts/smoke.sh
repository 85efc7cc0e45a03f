#!/usr/bin/env bash
# Tries the behaviour of the systems of the stack STACK that is up. It looks, and asks inside containers; it changes nothing.
set -euo pipefail
# shellcheck source=lib/common.sh
. "$(dirname "$0")/lib/common.sh"
cd "$root"

scripts/setup.sh node packages
exec scripts/exec.sh npx mocha test/smoke/*.test.ts
