#!/usr/bin/env bash
# Stops the dockerd that these scripts started; an engine that somebody else started is left alone.
set -euo pipefail
# shellcheck source=lib/docker.sh
. "$(dirname "$0")/lib/docker.sh"
[[ -n $(started_docker || true) ]] || { say 'no dockerd was started from here' && exit 0; }
stop_docker
