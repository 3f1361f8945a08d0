#!/usr/bin/env bash
# A service that other machines may reach: it demands a token, speaks TLS, and takes up a certificate that was changed.
# Called by bin/test once the application is built, with the file to report to.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
cd "$root" || exit 3
report=${1:-/dev/null}
work=$root/target/door
rm -rf "$work"
mkdir -p "$work/tls"
export XDG_DATA_HOME=$work/data
cases=() failures=0
check() { # NAME COMMAND…
  local name=$1 said
  shift
  if said=$("$@" 2>&1); then
    cases+=("<testcase classname=\"door\" name=\"$name\"/>")
  else
    echo "FAILED: $name: $said" >&2
    cases+=("<testcase classname=\"door\" name=\"$name\"><failure/></testcase>")
    failures=$((failures + 1))
  fi
}
certificate() { # NUMBER: it is in the subject
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=ballast-$1" -addext "subjectAltName=IP:127.0.0.1" \
    -keyout "$work/tls/new.key" -out "$work/tls/new.crt" 2>/dev/null
  # As a kubelet changes a mounted Secret: each file at once.
  mv "$work/tls/new.key" "$work/tls/tls.key"
  mv "$work/tls/new.crt" "$work/tls/tls.crt"
  cp "$work/tls/tls.crt" "$work/ca-$1.crt"
}
status() { curl -s -o /dev/null -w '%{http_code}' --max-time 10 "$@"; }
is() { [ "$1" = "$2" ] || { echo "$1 is not $2"; return 1; }; }
shown_by() { openssl s_client -connect "127.0.0.1:$port" </dev/null 2>/dev/null | openssl x509 -noout -subject 2>/dev/null | grep -q "ballast-$1"; }
eventually() {
  local until=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$until" ] || return 1
    sleep 0.2
  done
}

refused_open() {
  bin/ballast local --workers 0 --host 0.0.0.0 --port 0 >"$work/open.log" 2>&1
  is $? 2 && grep -q 'Demand a token with: --token-file' "$work/open.log"
}
refused_weak() {
  echo short >"$work/weak"
  bin/ballast local --workers 0 --host 0.0.0.0 --port 0 --token-file "$work/weak" >"$work/weak.log" 2>&1
  is $? 2 && grep -q 'openssl rand' "$work/weak.log"
}
check "another address than loopback demands a token" refused_open
check "a token that could be guessed is refused" refused_weak

openssl rand -hex 32 >"$work/token"
certificate 1
port=$(node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')
url=https://127.0.0.1:$port
bin/ballast local --workers 0 --host 0.0.0.0 --port "$port" --token-file "$work/token" --tls "$work/tls" --tls-reload 1s >"$work/log" 2>&1 &
service=$!
trap 'kill "$service" 2>/dev/null; wait "$service" 2>/dev/null' EXIT
# Vert.x takes connections for an event loop whose TLS is not there yet, and closes them: on a busy machine for a second after the start.
answers() {
  for _ in {1..8}; do
    curl -sf -o /dev/null --cacert "$work/ca-1.crt" "$url/q/health/live" || return 1
  done
}
eventually 60 answers || { cat "$work/log" >&2; exit 1; }

ask() { status --cacert "$work/ca-1.crt" "$@"; }
bearer="Authorization: Bearer $(cat "$work/token")"
check "without a token nothing is told" is "$(ask "$url/api/v1/workers")" 401
check "with another token nothing is told" is "$(ask -H 'Authorization: Bearer 0123456789012345678901234567890' "$url/api/v1/workers")" 401
check "with the token it is told" is "$(ask -H "$bearer" "$url/api/v1/workers")" 200
check "the console is behind the token" is "$(ask "$url/")" 401
check "plain HTTP is not spoken" is "$(status "http://127.0.0.1:$port/q/health/live")" 000

join() { # NAME POOL: a worker's first words
  local body
  body=$(printf '{"worker":"%s","incarnation":"i"}' "$1")
  ask -H "Authorization: Bearer $join_token" -H 'Content-Type: application/json' --data "$body" "$url/api/v1/workers/$1/sync"
}
join_token=$(bin/ballast join-token --pool edge --for 1h 2>"$work/join.log")
check "a join token opens its own pool: the protocol answers" is "$(join 'desk@edge')" 400
check "and no other" is "$(join 'desk@chrome')" 403
check "the client shows BALLAST_TOKEN" env BALLAST_TOKEN="$(cat "$work/token")" BALLAST_CA_FILE="$work/ca-1.crt" \
  bin/ballast history --server "$url"
no_token() { BALLAST_CA_FILE=$work/ca-1.crt bin/ballast history --server "$url"; is $? 2; }
check "and is told when it shows none" no_token

check "the first certificate is shown" shown_by 1
certificate 2
check "a certificate that was changed is taken up" eventually 30 shown_by 2
check "and clients that trust it are answered" is "$(status --cacert "$work/ca-2.crt" -H "$bearer" "$url/api/v1/workers")" 200
kept_secret() { ! grep -rqF -e "$(cat "$work/token")" -e "$join_token" "$work/log" "$work/data"; }
check "no token is in the log or in the data" kept_secret

printf '<testsuite name="door" tests="%d" failures="%d" errors="0" skipped="0">%s</testsuite>\n' \
  "${#cases[@]}" "$failures" "$(printf '%s' "${cases[@]}")" >"$report"
echo "door: $((${#cases[@]} - failures)) of ${#cases[@]} hold"
[ "$failures" -eq 0 ]
