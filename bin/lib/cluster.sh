# Sourced by bin/test: the control plane of the cluster tests, built once from the Kubernetes modules and kept in a cache.
# Needs $root and environment.sh.

# Whether a Go of version 1.26 or newer is here.
have_go() {
  local version
  version=$(go env GOVERSION 2>/dev/null) || return 1
  [[ $version =~ ^go1\.([0-9]+) ]] && [ "${BASH_REMATCH[1]}" -ge 26 ]
}

# Whether the directory $1 holds all that the cluster tests start, etcd apart.
holds_control_plane() { [ -x "$1/kube-apiserver" ] && [ -x "$1/kube-controller-manager" ] && [ -x "$1/kubectl" ]; }

# Exports BALLAST_CLUSTER_BINARIES, a directory with kube-apiserver, kube-controller-manager, kubectl and etcd:
# that of KUBEBUILDER_ASSETS, or that of the cache, or a fresh build into the cache. Without Go nothing is exported:
# the tests then let kube-api-test download its own.
use_test_cluster() {
  if [ -n "${KUBEBUILDER_ASSETS:-}" ]; then
    if holds_control_plane "$KUBEBUILDER_ASSETS" && [ -x "$KUBEBUILDER_ASSETS/etcd" ]; then
      export BALLAST_CLUSTER_BINARIES=$KUBEBUILDER_ASSETS
      return 0
    fi
    say "KUBEBUILDER_ASSETS is not used: $KUBEBUILDER_ASSETS has not all of kube-apiserver, kube-controller-manager, kubectl and etcd."
  fi
  local source=$root/src/test/cluster key directory
  key=$(cat "$source/go.mod" "$source/go.sum" "$source/main.go" | sha256sum | cut -c 1-16)
  directory=${XDG_CACHE_HOME:-$HOME/.cache}/ballast/cluster-$key
  if ! holds_control_plane "$directory" && ! have_go; then
    say "No Go >= 1.26 here: the cluster tests download their API server."
    return 0
  fi
  # Before a build of minutes, not after it.
  have etcd || { say "etcd is not here. Install it with: apt-get install -y etcd-server"; return 3; }
  holds_control_plane "$directory" || build_test_cluster "$source" "$directory" || return 3
  ln -sfn "$(command -v etcd)" "$directory/etcd"
  export BALLAST_CLUSTER_BINARIES=$directory
}

# Builds the module $1 into the directory $2: about five minutes on two cores, and 2.3 GB of memory.
build_test_cluster() {
  local version minor log building
  version=$(sed -n 's|^[[:space:]]*k8s.io/kubernetes \(v[0-9.]*\).*|\1|p' "$1/go.mod" | head -n 1)
  minor=${version#v1.} minor=${minor%%.*}
  say "Building the Kubernetes $version control plane for the cluster tests, once (about five minutes) ..."
  mkdir -p "$(dirname "$2")"
  building=$(mktemp -d "$2.XXXXXX") log=$building/build.log
  local stamp=''
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    stamp+=" -X $package.gitVersion=$version -X $package.gitMajor=1 -X $package.gitMinor=$minor -X $package.gitTreeState=clean"
  done
  if ! (cd "$1" && CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w$stamp" -o "$building/kube-apiserver" .) >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    say "The control plane could not be built (the whole log: $log)."
    return 3
  fi
  ln "$building/kube-apiserver" "$building/kube-controller-manager"
  ln "$building/kube-apiserver" "$building/kubectl"
  # Another run may have been quicker: then its build is as good as this one.
  chmod 755 "$building"
  mv -T "$building" "$2" 2>/dev/null || rm -rf "$building"
  holds_control_plane "$2"
}
