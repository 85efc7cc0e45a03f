#!/usr/bin/env bash
# Tells people something: notify.sh TEXT. To a webhook that takes {"text": …}, as Slack, Mattermost and Google Chat do
# (NOTIFY_WEBHOOK_URL), and to a Telegram chat (TELEGRAM_BOT_TOKEN and TELEGRAM_CHAT_ID). Who is told comes from these variables
# alone: addresses and tokens are in no argument, which every user of the machine could read, and in no message.
# Ends with 1 where one of them could not be told; nobody to tell is no failure, but said.
set -euo pipefail
# shellcheck source=lib/common.sh
. "$(dirname "$0")/lib/common.sh"

text=${1:?usage: notify.sh TEXT}
telegram_api=${TELEGRAM_API_URL:-https://api.telegram.org}

# json TEXT: as a JSON string.
json() {
  local text=$1
  text=$(tr -d '\000-\010\013-\037' <<<"$text")
  text=${text//\\/\\\\} text=${text//\"/\\\"} text=${text//$'\t'/\\t}
  printf '"%s"' "${text//$'\n'/\\n}"
}

# post WHO URL BODY: sends a JSON body. curl reads the address and the body from its standard input and from a file.
post() {
  local who=$1 url=$2 code
  have curl || fail "$who was not told: curl is not installed" 'apt-get install curl'
  printf '%s' "$3" >"$body"
  code=$(printf 'url = %s\n' "$(json "$url")" |
    curl --config - --silent --output /dev/null --write-out '%{http_code}' --max-time 15 --retry 2 \
      --header 'content-type: application/json' --data-binary "@$body") || true
  if [[ $code == 2?? ]]; then say "$who was told"; return; fi
  say "$who was not told: $([[ ${code:-000} == 000 ]] && echo 'no answer' || echo "it answers with status $code")"
  return 1
}

body=$(mktemp)
trap 'rm -f "$body"' EXIT
failed=0 told=0
if [[ -n ${NOTIFY_WEBHOOK_URL:-} ]]; then
  told=1
  post 'the webhook' "$NOTIFY_WEBHOOK_URL" "{\"text\": $(json "$text")}" || failed=1
fi
if [[ -n ${TELEGRAM_BOT_TOKEN:-} && -n ${TELEGRAM_CHAT_ID:-} ]]; then
  told=1
  post 'the Telegram chat' "$telegram_api/bot$TELEGRAM_BOT_TOKEN/sendMessage" \
    "{\"chat_id\": $(json "$TELEGRAM_CHAT_ID"), \"text\": $(json "$text")}" || failed=1
fi
((told)) || say 'nobody is told: set NOTIFY_WEBHOOK_URL, or TELEGRAM_BOT_TOKEN and TELEGRAM_CHAT_ID'
exit "$failed"
