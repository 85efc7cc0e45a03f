#!/usr/bin/env bash
# Posts the first of the reports that is there (REPORTS, paths) on its pull request. Where it comes from a run that nobody trusts,
# HEAD_BRANCH (owner:branch) finds the pull request, and nothing is posted unless HEAD_COMMIT is its newest commit.
# GITHUB_TOKEN may write comments on pull requests.
set -euo pipefail
# shellcheck source=lib/common.sh
. "$(dirname "$0")/lib/common.sh"
cd "$root"

read -ra reports <<<"${REPORTS:?names no report: REPORTS=.twofold/preview-report/report.json}"
found=''
for report in "${reports[@]}"; do [[ -n $found || ! -f $report ]] || found=$report; done
[[ -n $found ]] || fail "no report is at ${reports[*]}" 'run make preview-report first'
scripts/setup.sh node packages
exec scripts/exec.sh node --import tsx report/cli.ts post --report "$found" \
  ${HEAD_BRANCH:+--head "$HEAD_BRANCH"} ${HEAD_COMMIT:+--commit "$HEAD_COMMIT"}
