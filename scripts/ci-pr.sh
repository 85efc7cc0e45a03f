#!/usr/bin/env bash
# Runs here what the pull request's job runs: the commit that is checked out is proposed to BASE (default: origin/main, else main) in
# a bare repository, merged there, and the `make` steps of the job `checks` in .github/workflows/pull-request.yml run in a clone of that. All of them
# run, as in the job; ends with 1 where one of them failed. The preview's report is left in .twofold/ci-pr.
set -euo pipefail
# shellcheck source=lib/common.sh
. "$(dirname "$0")/lib/common.sh"
cd "$root"

workflow=.github/workflows/pull-request.yml
base=${BASE:-}
[[ -n $base ]] || base=$(git rev-parse --quiet --verify --abbrev-ref origin/main || echo main)
commit=$(git rev-parse --verify --quiet "$base^{commit}") || fail "there is no $base to merge into" 'name another: make ci-pr BASE=…'
[[ -z $(git status --porcelain) ]] || say 'what is not committed is left out'

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
origin=$work/origin.git
clone=$work/clone
git init --quiet --bare --initial-branch=main "$origin"
git push --quiet "$origin" "$commit:refs/heads/main" HEAD:refs/pull/1/head
git clone --quiet "$origin" "$clone"
git -C "$clone" fetch --quiet origin refs/pull/1/head
git -C "$clone" -c user.name=ci-pr -c user.email=ci-pr@localhost merge --quiet --no-ff --no-edit FETCH_HEAD >&2 ||
  fail "$(git rev-parse --short HEAD) does not merge with $base" "git merge $base, and correct what conflicts"

# The steps of the job that forks get, too: what comes after it needs credentials.
mapfile -t steps < <(sed -nE '/^  checks:$/,/^  [a-z-]+:$/s/^ *(- )?run: (make .*)/\2/p' "$clone/$workflow")
((${#steps[@]} > 0)) || fail "$workflow has no step that is a target of make" 'correct it'
failed=0
results=()
for step in "${steps[@]}"; do
  begun=$SECONDS word=passed
  say "==> $step"
  # What make hands down to its children is about this run of make, and not about the one in the clone.
  (cd "$clone" && env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS -u STACK CI=true bash -e -c "$step" </dev/null) || { word=failed failed=1; }
  results+=("$(printf '%-6s  %7s  %s' "$word" "$(duration $((SECONDS - begun)))" "$step")")
done
if [[ -d $clone/.twofold/preview-report ]]; then
  rm -rf .twofold/ci-pr && mkdir -p .twofold && cp -R "$clone/.twofold/preview-report" .twofold/ci-pr
  say 'the report on the pull request is in .twofold/ci-pr'
fi
printf '%s\n' "${results[@]}"
exit "$failed"
