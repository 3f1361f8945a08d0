# shellcheck shell=bash
# Sourced by bin/ballast and bin/test: finds what Ballast needs on this machine, installs what is missing, or says how.
# Needs $root, the folder of the clone.
root=${root:?the folder of the clone}

say() { printf '%s\n' "$*" >&2; }

have() { command -v "$1" >/dev/null 2>&1; }

# Prints the major version of the JDK in that folder, or nothing.
jdk_major() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  local name value
  while IFS='=' read -r name value; do
    if [ "$name" = JAVA_VERSION ]; then
      value=${value#\"}
      printf '%s\n' "${value%%[!0-9]*}"
    fi
  done <"$1/release"
}

# Prints the home of the newest JDK >= 25 of JAVA_HOME, PATH and /usr/lib/jvm, or fails.
newest_jdk() {
  local best='' best_major=24 home major on_path=''
  if have javac; then
    on_path=$(readlink -f "$(command -v javac)")
    on_path=${on_path%/bin/javac}
  fi
  for home in "${JAVA_HOME:-}" "$on_path" "${BALLAST_JVM_DIR:-/usr/lib/jvm}"/*; do
    [ -n "$home" ] || continue
    major=$(jdk_major "$home")
    if [ "${major:-0}" -gt "$best_major" ]; then
      best=$home best_major=$major
    fi
  done
  [ -n "$best" ] && printf '%s\n' "$best"
}

have_browser_chromium() {
  local name
  for name in chromium chromium-browser google-chrome google-chrome-stable microsoft-edge microsoft-edge-stable; do
    have "$name" && return 0
  done
  return 1
}

have_software_vulkan() { compgen -G "${BALLAST_VULKAN_DIR:-/usr/share/vulkan/icd.d}/lvp_icd*.json" >/dev/null; }

# Fills the array "missing" with Debian packages, and "reasons" with why each is wanted.
find_missing() {
  missing=() reasons=()
  want() { missing+=("$1") reasons+=("$2"); }
  newest_jdk >/dev/null || want openjdk-25-jdk-headless "a JDK of version 25 or newer, to build and run Ballast"
  have mvn || want maven "Maven, to build Ballast"
  have npm || want npm "npm, to fetch the engine and the sample models at build time"
  if [ -z "${BALLAST_BROWSERS:-}" ]; then
    if ! have_browser_chromium; then
      want chromium "Chromium, a browser to test in"
      want chromium-driver "chromedriver, to drive Chromium"
    elif ! have chromedriver && ! have msedgedriver; then
      have chromium || want chromium "Chromium, a browser that chromedriver fits"
      want chromium-driver "chromedriver, to drive Chromium"
    fi
    have firefox-esr || have firefox || want firefox-esr "Firefox, a browser to test in"
  fi
  have_software_vulkan || want mesa-vulkan-drivers "Mesa's software Vulkan, for WebGPU in Firefox where there is no GPU"
  [ -z "${BALLAST_TESTS:-}" ] || have etcd || want etcd-server "etcd, for the API server of the cluster tests"
}

# Installs what is missing through apt, or prints the one command to run and exits 3.
install_missing() {
  find_missing
  [ ${#missing[@]} -eq 0 ] && return 0
  local i command="apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
  say "Ballast needs ${#missing[@]} package(s) that are not here:"
  for i in "${!missing[@]}"; do say "  ${missing[$i]}: ${reasons[$i]}"; done
  if ! have apt-get; then
    say "There is no apt here: install the like of them by hand."
    exit 3
  fi
  if [ "$(id -u)" -ne 0 ]; then
    say "Install them with: sudo sh -c '$command'"
    exit 3
  fi
  say "Installing them: $command"
  local log
  log=$(mktemp)
  if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
    tail -n 15 "$log" >&2
    say "apt could not install them (the whole log: $log)."
    case " ${missing[*]} " in
      *openjdk-25*) say "Maybe this distribution has no JDK 25? Put one, for example Temurin 25, under /usr/lib/jvm, or set JAVA_HOME." ;;
    esac
    exit 3
  fi
  rm -f "$log"
  hash -r
}

# Exports JAVA_HOME, or says what is missing and exits 3.
use_jdk() {
  JAVA_HOME=$(newest_jdk) || {
    say "No JDK >= 25 found in JAVA_HOME, on PATH or under /usr/lib/jvm. Install one with: apt-get install -y openjdk-25-jdk-headless (or Temurin 25)"
    exit 3
  }
  export JAVA_HOME
}

# Maven in the clone, with what BALLAST_MAVEN_ARGS adds, for example -Dmaven.repo.local=DIR.
maven() {
  # shellcheck disable=SC2086 # several arguments in one variable
  (cd "$root" && mvn -B ${BALLAST_MAVEN_ARGS:-} "$@" </dev/null)
}

# What the application is built from. npm's folder is made by the build.
source_files() {
  find "$root/src/main" "$root/crds" "$root/pom.xml" -name node_modules -prune -o -type f "$@" -print
}

source_names() { source_files | LC_ALL=C sort | cksum; }

# True when no source is newer than the build, and none was added or removed. An empty stamp knows no names.
is_built() {
  local stamp=$root/target/ballast.built
  [ -f "$stamp" ] && [ -f "$root/target/quarkus-app/quarkus-run.jar" ] || return 1
  [ -z "$(source_files -newer "$stamp" | head -n 1)" ] || return 1
  [ ! -s "$stamp" ] || [ "$(cat "$stamp")" = "$(source_names)" ]
}

# Builds the application when a source is newer than the last build.
build_when_stale() {
  is_built && return 0
  have mvn || { say "Maven is not here. Install it with: apt-get install -y maven"; exit 3; }
  have npm || { say "npm is not here. Install it with: apt-get install -y npm"; exit 3; }
  if ! mkdir -p "$root/target" 2>/dev/null || [ ! -w "$root/target" ]; then
    say "$root/target cannot be written by $(id -un), so Ballast cannot be built there. Build it as its owner ($(stat -c %U "$root")), or clone it into a folder of your own."
    exit 3
  fi
  # Who comes second waits for the first, and then has nothing to do.
  if have flock; then
    exec 9>"$root/target/build.lock"
    flock 9
    if is_built; then
      exec 9>&-
      return 0
    fi
  fi
  say "Building Ballast (log: target/build.log) ..."
  local started
  started=$(mktemp "$root/target/build.XXXXXX")
  source_names >"$started"
  touch "$started.begun"
  if ! maven -q -Dmaven.test.skip=true package >"$root/target/build.log" 2>&1 9>&-; then
    rm -f "$started" "$started.begun"
    grep -m 20 ERROR "$root/target/build.log" >&2
    say "The build failed; the whole log is in target/build.log"
    exit 3
  fi
  practise >>"$root/target/build.log" 2>&1 9>&-
  # What was changed while Maven ran is newer than the stamp.
  touch -r "$started.begun" "$started"
  mv "$started" "$root/target/ballast.built"
  rm -f "$started.begun"
  if have flock; then exec 9>&-; fi
}

# Options of the JVM. Small heap and a quick start matter more here than peak throughput: most of the work is done by the browsers.
jvm_options=(
  -XX:+UseSerialGC -XX:-UsePerfData
  # Half of a process is worse than none: something starts it anew, from its journal.
  -XX:+ExitOnOutOfMemoryError
  -XX:+UseCompactObjectHeaders
  -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow
)

# The controller runs for weeks: what a burst took of memory goes back to the system.
controller_options=(-XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=30 -XX:TrimNativeHeapInterval=30000)
# Few pools of freed memory: with one for each thread most of it is in none that is asked.
controller_arenas=2

# What the JVM has learned of the application (its AOT cache): its classes, loaded and linked.
learned=$root/target/ballast.aot

# Runs the application for practice, and keeps that. Without it Ballast only starts more slowly, so it may fail. With the
# better compiler the cache would hold profiles of methods, too: a start with those took longer (docs/load.md).
practise() {
  local work
  rm -f "$learned" "$learned".new*
  work=$(mktemp -d) || return 0
  if BALLAST_HOME=$root "$JAVA_HOME/bin/java" "${jvm_options[@]}" -XX:TieredStopAtLevel=1 -XX:AOTCacheOutput="$learned.new" \
    -jar "$root/target/quarkus-app/quarkus-run.jar" practise --data "$work/data" </dev/null && [ -s "$learned.new" ]; then
    # Complete or not there: who starts meanwhile must not find half of it.
    mv "$learned.new" "$learned"
  fi
  rm -rf "$work" "$learned".new*
}

# Becomes the application.
run_ballast() {
  export BALLAST_HOME=$root
  # A script that starts this in its background lets it ignore Ctrl-C, and a JVM keeps to that: then nothing would drain.
  local listening=()
  env --default-signal=INT true 2>/dev/null && listening=(env --default-signal=INT)
  case "${1:-}" in
    # These run for long, or compute: the better compiler pays.
    controller)
      jvm_options+=("${controller_options[@]}")
      export MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-$controller_arenas}
      ;;
    local | load | simulate) ;;
    *) jvm_options+=(-XX:TieredStopAtLevel=1) ;;
  esac
  # The JVM looks at the jars and at itself, and goes on without a cache that is not of them.
  if [ -s "$learned" ]; then
    jvm_options+=("-XX:AOTCache=$learned" '-Xlog:aot*=off,cds*=off,class+path=off')
  fi
  # shellcheck disable=SC2086 # several options in one variable
  exec ${listening[@]+"${listening[@]}"} "$JAVA_HOME/bin/java" "${jvm_options[@]}" ${BALLAST_JAVA_OPTIONS:-} -jar "$root/target/quarkus-app/quarkus-run.jar" "$@"
}
