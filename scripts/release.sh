#!/usr/bin/env bash
# Brings the release that is checked out, a tag, to the stack STACK, and holds it to the health gate. Where it does not come up, or
# is not well for long enough, the release before it comes back by itself. What runs is kept with the stack's state, as the tag
# twofold:release: it is a release that has passed the gate, and never one that was only tried.
# Ends with 0 when the release runs, 1 when the one before runs again, 2 when somebody has to look.
# TAG=v1.2.3 chooses among several tags of one commit.
set -euo pipefail
# shellcheck source=lib/checks.sh
. "$(dirname "$0")/lib/checks.sh"
cd "$root"

key=twofold:release
tree='' # worktree of the release before

# release_here: the tag of the commit that is checked out, and of nothing else.
release_here() {
  local -a tags
  local asked=${TAG:-}
  [[ -n $asked || ${GITHUB_REF_TYPE:-} != tag ]] || asked=$GITHUB_REF_NAME
  mapfile -t tags < <(git tag --points-at HEAD)
  if [[ -n $asked ]]; then
    [[ " ${tags[*]} " == *" $asked "* ]] || fail "the tag $asked is not on the commit that is checked out" "git checkout $asked"
    printf '%s' "$asked"
  elif ((${#tags[@]} == 1)); then
    printf '%s' "${tags[0]}"
  elif ((${#tags[@]} == 0)); then
    fail 'what is checked out is no release' 'git checkout a tag, or make one: git tag v1.2.3'
  else
    fail "the commit that is checked out has several tags: ${tags[*]}" 'choose one: make release TAG=…'
  fi
}

# deploy RELEASE DIR: from DIR; whether it came up and passed the gate. Says where it went wrong.
deploy() {
  failed_at=''
  say "$stack: bringing up $1"
  make -C "$2" up STACK="$stack" || { failed_at='it did not come up' && return 1; }
  make -C "$2" gate STACK="$stack" || { failed_at='it did not pass the health gate' && return 1; }
}

# keep RELEASE: as the one that runs. Read back, because a Pulumi before 3.211 sets no tag on a state that lies in files or a bucket.
keep() { scripts/exec.sh pulumi stack tag set "$key" "$1" --stack "$stack" && [[ $(release_now) == "$1" ]]; }

# release_now: the release that runs, as the state has it; nothing where none is kept there.
release_now() {
  local tags
  tags=$(scripts/exec.sh pulumi stack tag ls --json --stack "$stack") ||
    fail "the state of the stack $stack does not say which release runs" 'correct what Pulumi says above, and run again'
  sed -nE "s/^ *\"$key\": *\"(.*)\",?\$/\1/p" <<<"$tags"
}

# finish CODE TEXT: tells people, and ends.
finish() {
  local link=''
  [[ -z ${GITHUB_RUN_ID:-} ]] || link=" $GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID"
  say "$2"
  [[ -z ${GITHUB_STEP_SUMMARY:-} ]] || printf '%s\n' "$2" >>"$GITHUB_STEP_SUMMARY"
  scripts/notify.sh "$2$link" || true
  exit "$1"
}

# shellcheck disable=SC2317 # called by the trap
clean_up() { [[ -z $tree ]] || { git worktree remove --force "$tree" && rm -rf "$(dirname "$tree")"; }; }
trap clean_up EXIT

release=$(release_here)
[[ -z $(git status --porcelain --untracked-files=no) ]] ||
  fail "what is checked out differs from $release" 'git stash, or commit it and make another tag'
# A machine of a pipeline is gone after the run, and the state with it.
[[ -z ${CI:-} || -n $(users_backend) ]] ||
  fail 'there is no state to keep the release in' 'set PULUMI_BACKEND_URL or PULUMI_ACCESS_TOKEN: docs/ci.md'

scripts/stack.sh prepare
before=$(release_now)
[[ $before != "$release" ]] || before='' # brought up once more, and there is no way back from it to itself
if [[ -n $before ]]; then
  git rev-parse --quiet --verify "refs/tags/$before^{commit}" >/dev/null ||
    fail "the release that runs, $before, is not in this clone: there would be no way back to it" 'git fetch --tags'
else
  say "$stack: no earlier release is known, so there is none to go back to"
fi

trap 'finish 2 "$stack: the release of $release was interrupted. What runs is not known: run it again."' INT TERM
if deploy "$release" "$root"; then
  keep "$release" ||
    finish 2 "$stack runs $release, but its state does not say so, and the next release could not go back to it: Pulumi 3.211 or newer can."
  finish 0 "$stack runs $release${before:+, which was $before before}."
fi
trouble="$stack: $release was not taken: $failed_at."
[[ -n $before ]] || finish 2 "$trouble There is no earlier release to go back to."

# The same state, cluster and passphrase, where they are this clone's own.
tree=$(mktemp -d)/release
git worktree add --quiet --detach "$tree" "refs/tags/$before"
ln -s "$state_dir" "$tree/.twofold"
if deploy "$before" "$tree"; then
  finish 1 "$trouble $before runs again."
fi
finish 2 "$trouble $before did not come back: $failed_at. Somebody has to look."
