# shellcheck shell=bash
# Sourced by bin/cluster-load and the tour's test: a control plane without nodes, for as long as the script runs.
# Needs BALLAST_CLUSTER_BINARIES and $work, a folder of its own.
work=${work:?a folder of its own}

free_port() { node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'; }

# Until the command succeeds, at most $1 seconds.
eventually() {
  local until=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$until" ] || return 1
    sleep 0.2
  done
}

# start_control_plane CONTROLLERS: etcd, kube-apiserver and, with the controllers named, kube-controller-manager. Adds their processes
# to the array pids; kubeconfig TOKEN NAMESPACE then prints a configuration, and $KUBECONFIG holds the administrator's.
start_control_plane() {
  local etcd_port peer_port binaries=$BALLAST_CLUSTER_BINARIES
  etcd_port=$(free_port) peer_port=$(free_port) api_port=$(free_port)
  mkdir -p "$work/certs"
  "$binaries/etcd" --data-dir "$work/etcd" --unsafe-no-fsync --listen-client-urls "http://127.0.0.1:$etcd_port" \
    --advertise-client-urls "http://127.0.0.1:$etcd_port" --listen-peer-urls "http://127.0.0.1:$peer_port" \
    --initial-advertise-peer-urls "http://127.0.0.1:$peer_port" --initial-cluster "default=http://127.0.0.1:$peer_port" >"$work/etcd.log" 2>&1 &
  pids+=($!)
  openssl genrsa -out "$work/sa.key" 2048 2>/dev/null && openssl rsa -in "$work/sa.key" -pubout -out "$work/sa.pub" 2>/dev/null
  echo 'administrator,administrator,administrator,system:masters' >"$work/tokens.csv"
  "$binaries/kube-apiserver" --etcd-servers "http://127.0.0.1:$etcd_port" --cert-dir "$work/certs" --bind-address 127.0.0.1 \
    --secure-port "$api_port" --service-account-issuer https://kubernetes.default.svc --service-account-signing-key-file "$work/sa.key" \
    --service-account-key-file "$work/sa.pub" --authorization-mode RBAC --token-auth-file "$work/tokens.csv" \
    --service-cluster-ip-range 10.0.0.0/24 >"$work/apiserver.log" 2>&1 &
  pids+=($!)
  eventually 30 test -s "$work/certs/apiserver.crt"
  kubeconfig administrator default >"$KUBECONFIG"
  eventually 60 kubectl get --raw /readyz || { tail -n 5 "$work/apiserver.log" >&2; echo "the API server did not start" >&2; exit 3; }
  cp "$KUBECONFIG" "$work/kubeconfig-manager"
  "$binaries/kube-controller-manager" --kubeconfig="$work/kubeconfig-manager" --secure-port=0 --leader-elect=false \
    --controllers="$1" >"$work/manager.log" 2>&1 &
  pids+=($!)
}

# kubeconfig TOKEN NAMESPACE
kubeconfig() {
  cat <<END
apiVersion: v1
kind: Config
clusters: [{name: own, cluster: {server: "https://127.0.0.1:$api_port", certificate-authority-data: $(base64 -w0 "$work/certs/apiserver.crt")}}]
users: [{name: own, user: {token: $1}}]
contexts: [{name: ${CONTEXT_NAME:-own}, context: {cluster: own, user: own, namespace: $2}}]
current-context: ${CONTEXT_NAME:-own}
END
}
