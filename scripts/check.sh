#!/usr/bin/env bash
# Types, lint, format and unused code of everything here; shell scripts and workflows too where their linters can be had.
set -euo pipefail
# shellcheck source=lib/linters.sh
. "$(dirname "$0")/lib/linters.sh"
cd "$root"
npm run --silent check
npm run --silent --prefix workloads check
lint_scripts
lint_workflows
