#!/usr/bin/env bash
# Runs every command of docs/tour.md, in order, against a real API server (etcd, kube-apiserver, controller manager), with the
# controller and the agent of target/image as user 10001, the rest of the file system read-only, under the rights that k8s/
# ships, and a real Chromium. Played: scheduler and kubelet, by the loop below. Called by bin/test, with the file to report to.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
report=${1:-/dev/null}
binaries=${BALLAST_CLUSTER_BINARIES:?a directory with kube-apiserver, kube-controller-manager, kubectl and etcd}
image=$root/target/image
work=$root/target/tour
rm -rf "$work"
mkdir -p "$work/bin" "$work/pods"
ln -s "$binaries/kubectl" "$work/bin/kubectl"
export PATH=$work/bin:$PATH KUBECONFIG=$work/kubeconfig
pids=()
# shellcheck disable=SC2317 # called by the trap
clean() {
  touch "$work/over"
  local pid pods
  pods=$(cat "$work"/pods/*/pid 2>/dev/null)
  # Agents end their browsers; the control plane, of which nothing is kept, is not asked.
  for pid in $pods; do kill "$pid" 2>/dev/null; done
  for pid in $pods; do eventually 10 not_running "$pid" || kill -9 "$pid" 2>/dev/null; done
  for pid in $(cat "$work"/pods/*/driver 2>/dev/null) "${pids[@]}"; do kill -9 "$pid" 2>/dev/null; done
}
trap clean EXIT

# shellcheck source=bin/lib/control-plane.sh
. "$root/bin/lib/control-plane.sh"
# shellcheck disable=SC2034 # read by kubeconfig; the tour's page shows it
CONTEXT_NAME=tour

# jailed DIR COMMAND…: what a container is to the program in it. The image is /opt/ballast, DIR is copied to /mnt, which with /tmp is all
# that can be written, and the user is 10001.
jailed() {
  local given=$1
  shift
  # shellcheck disable=SC2016 # expanded inside
  exec unshare --mount --propagation private bash -c '
    set -e
    mount -t tmpfs tmpfs /opt && mkdir /opt/ballast && mount --bind "$1" /opt/ballast
    mkdir -p "$2" && cp -r "$2" /opt/given
    mount -t tmpfs -o mode=1777 tmpfs /tmp && mount -t tmpfs tmpfs /mnt
    cp -r /opt/given/. /mnt/ && mkdir -p /mnt/data && chown -R 10001:10001 /mnt
    mount -o remount,bind,ro /opt/ballast && mount -o remount,bind,ro /
    shift 2
    exec setpriv --reuid 10001 --regid 10001 --clear-groups --no-new-privs --inh-caps=-all env -i PATH=/opt/ballast/bin:/usr/bin:/bin "$@"' \
    jail "$image/opt/ballast" "$given" "$@"
}

# The arguments of a pod's container, with what its fields come to.
arguments() {
  kubectl get pod "$1" -n ballast -o go-template='{{range .spec.containers}}{{range .args}}{{.}}{{"\n"}}{{end}}{{end}}' \
    | sed -e "s/\$(POD_NAME)/$1/; s/\$(POD_NAMESPACE)/ballast/; s/\$(NODE_NAME)/node-1/; s/\$(BROWSER_MEMORY)/4294967296/" \
      -e "s|--data=/data|--data=/mnt/data|; s|=/var/run/ballast/token|=/mnt/token|; s|--webdriver=.*|--webdriver=http://127.0.0.1:$driver_port|" \
      -e "s|--health-port=.*|--health-port=$health_port|; s|--server=.*|--server=http://127.0.0.1:$http_port|"
}

start_pod() {
  local pod=$1 folder=$work/pods/$1 arguments
  mkdir -p "$folder"
  echo "{\"apiVersion\":\"v1\",\"kind\":\"Binding\",\"metadata\":{\"name\":\"$pod\"},\"target\":{\"kind\":\"Node\",\"name\":\"node-1\"}}" \
    | kubectl create --raw "/api/v1/namespaces/ballast/pods/$pod/binding" -f - >/dev/null
  mapfile -t arguments < <(arguments "$pod")
  case "$pod" in
    ballast-controller-*)
      mkdir "$folder/given"
      kubeconfig "$(kubectl create token ballast-controller -n ballast)" ballast >"$folder/given/kubeconfig"
      jailed "$folder/given" KUBECONFIG=/mnt/kubeconfig POD_NAME="$pod" HOSTNAME="$pod" ballast "${arguments[@]}" --port="$http_port" >"$folder/log" 2>&1 &
      echo $! >"$folder/pid"
      echo "http://127.0.0.1:$http_port/q/health/ready" >"$folder/probe"
      ;;
    *)
      mkdir "$folder/given"
      kubectl create token default -n ballast --audience=ballast --bound-object-kind=Pod --bound-object-name="$pod" \
        --bound-object-uid="$(kubectl get pod "$pod" -n ballast -o jsonpath='{.metadata.uid}')" >"$folder/given/token"
      # The official image starts its browser without the sandbox that needs more rights, on a display of its own.
      arguments+=(--argument=--no-sandbox --argument=--headless=new)
      chromedriver --port="$driver_port" >"$folder/driver.log" 2>&1 &
      echo $! >"$folder/driver"
      jailed "$folder/given" HOSTNAME="$pod" ballast "${arguments[@]}" >"$folder/log" 2>&1 &
      echo $! >"$folder/pid"
      echo "http://127.0.0.1:$health_port/health/ready" >"$folder/probe"
      ;;
  esac
}

stop_pod() {
  local folder=$work/pods/$1
  kill "$(cat "$folder/pid")" 2>/dev/null
  eventually 30 not_running "$(cat "$folder/pid")" || kill -9 "$(cat "$folder/pid")"
  [ ! -f "$folder/driver" ] || kill -9 "$(cat "$folder/driver")" 2>/dev/null
  kubectl delete pod "$1" -n ballast --grace-period=0 --force >/dev/null 2>&1
  rm -rf "$folder.gone"
  mv "$folder" "$folder.gone"
}

knows_memory() { curl -fsS "http://127.0.0.1:$http_port/q/metrics" | grep -q '^ballast_browser_memory_bytes{.*} [1-9]'; }

not_running() { ! kill -0 "$1" 2>/dev/null; }

# Scheduler and kubelet.
kubelet() {
  local pod deleted
  while [ ! -e "$work/over" ]; do
    while read -r pod deleted; do
      if [ -n "$deleted" ]; then
        [ ! -d "$work/pods/$pod" ] || stop_pod "$pod"
      elif [ ! -d "$work/pods/$pod" ]; then
        start_pod "$pod"
      elif [ ! -e "$work/pods/$pod/ready" ] && curl -fsS -m 5 "$(cat "$work/pods/$pod/probe")" >/dev/null 2>&1; then
        kubectl patch pod "$pod" -n ballast --subresource=status -p '{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}' >/dev/null \
          && touch "$work/pods/$pod/ready"
      fi
    done < <(kubectl get pods -n ballast -o go-template='{{range .items}}{{.metadata.name}} {{.metadata.deletionTimestamp}}{{"\n"}}{{end}}' 2>/dev/null | sed 's/<no value>//')
    sleep 0.3
  done
}

http_port=$(free_port) driver_port=$(free_port) health_port=$(free_port)
start_control_plane garbage-collector-controller,namespace-controller,serviceaccount-controller,disruption-controller,statefulset-controller
kubelet &
pids+=($!)

# The lines that begin with a dollar in the blocks of the tour.
mapfile -t commands < <(sed -n '/^```console/,/^```$/s/^\$ //p' "$root/docs/tour.md")
tests=0 failures=0 cases=''
: >"$work/transcript"
cd "$root" || exit 3
for command in "${commands[@]}"; do
  tests=$((tests + 1)) started=$(date +%s%N)
  output=$(bash -c "$command" 2>&1 </dev/null)
  status=$?
  printf '$ %s\n%s\n' "$command" "$output" >>"$work/transcript"
  failure=''
  if [ "$status" -ne 0 ]; then
    failures=$((failures + 1))
    printf 'FAILED (%d): %s\n%s\n' "$status" "$command" "$output" >&2
    tail -n 5 "$work"/pods/*/log >&2
    failure="<failure message=\"exit $status\"/>"
  fi
  cases+="<testcase classname=\"tour\" name=\"$(printf %s "$command" | sed 's/&/\&amp;/g; s/</\&lt;/g; s/"/\&quot;/g')\" time=\"$((($(date +%s%N) - started) / 1000000000))\">$failure</testcase>"
  [ "$status" -eq 0 ] || break
  case "$command" in *condition=Complete*) eventually 20 knows_memory && memory_known=1 ;; esac
done
# The browser is another user's than the agent's, as in a pod.
tests=$((tests + 1)) failure=''
if [ -z "${memory_known:-}" ]; then
  echo "FAILED: no ballast_browser_memory_bytes of the browser" >&2
  failures=$((failures + 1))
  failure='<failure message="no ballast_browser_memory_bytes"/>'
fi
cases+="<testcase classname=\"tour\" name=\"the agent sees what memory the browser beside it uses\">$failure</testcase>"
# What the controller logs in a cluster is one JSON object a line, with the ids of what it is about.
tests=$((tests + 1)) failure=''
if ! node -e '
  const lines = process.argv.slice(1).flatMap((file) => require("fs").readFileSync(file, "utf8").split("\n"));
  const told = lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  const plain = lines.filter((line) => /(INFO|WARN|ERROR) +\[/.test(line));
  const ofJob = told.filter((line) => line.mdc?.job && line.mdc.uid && line.mdc.namespace);
  if (plain.length || !ofJob.length) throw new Error(`${plain.length} plain lines, ${ofJob.length} of ${told.length} name a job`);
' "$work"/pods/ballast-controller-*/log >&2; then
  failures=$((failures + 1))
  failure='<failure message="the log is not JSON with ids"/>'
fi
cases+="<testcase classname=\"tour\" name=\"the controller logs JSON with the ids of jobs\">$failure</testcase>"
[ "$report" = /dev/null ] || printf '<testsuite name="tour" tests="%d" failures="%d" errors="0" skipped="0">%s</testsuite>\n' "$tests" "$failures" "$cases" >"$report"
[ "$tests" -gt 8 ] || failures=$((failures + 1))
printf 'tour: %d commands and checks, %d failed\n' "$tests" "$failures"
[ "$failures" -eq 0 ]
