# Sourced by bin/ballast and bin/test: finds what Ballast needs on this machine, installs what is missing, or says how.

say() { printf '%s\n' "$*" >&2; }

# Prints the home of the newest JDK >= 25, or fails.
newest_jdk() {
  local best='' best_major=0 home major
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
    [ -x "$home/bin/javac" ] && [ -r "$home/release" ] || continue
    major=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release")
    if [ "${major:-0}" -ge 25 ] && [ "$major" -gt "$best_major" ]; then
      best=$home best_major=$major
    fi
  done
  [ -n "$best" ] && printf '%s\n' "$best"
}

have() { command -v "$1" >/dev/null 2>&1; }

have_browser_chromium() { have chromium || have google-chrome || have google-chrome-stable || have microsoft-edge; }
have_software_vulkan() { compgen -G '/usr/share/vulkan/icd.d/lvp_icd*.json' >/dev/null; }

# Fills the array "missing" with Debian packages, and "reasons" with why each is wanted.
find_missing() {
  missing=() reasons=()
  want() { missing+=("$1"); reasons+=("$2"); }
  newest_jdk >/dev/null || want openjdk-25-jdk-headless "a JDK of version 25 or newer, to build and run Ballast"
  have mvn || want maven "Maven, to build Ballast"
  have npm || want npm "npm, to fetch the engine and the sample models at build time"
  if ! have_browser_chromium; then
    want chromium "Chromium, a browser to test in"
    want chromium-driver "chromedriver, to drive Chromium"
  elif have chromium && ! have chromedriver; then
    want chromium-driver "chromedriver, to drive Chromium"
  fi
  have firefox-esr || have firefox || want firefox-esr "Firefox, a browser to test in"
  have_software_vulkan || want mesa-vulkan-drivers "Mesa's software Vulkan, for WebGPU in Firefox where there is no GPU"
  [ -z "${BALLAST_TESTS:-}" ] || have etcd || want etcd-server "etcd, for the API server of the cluster tests"
  have curl || want curl "curl, to ask whether a server is up"
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
  local log; log=$(mktemp)
  if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
    tail -n 15 "$log" >&2
    say "apt could not install them (the whole log: $log)."
    case " ${missing[*]} " in
      *openjdk-25*) say "Maybe this distribution has no JDK 25? Put one, for example Temurin 25, under /usr/lib/jvm, or set JAVA_HOME." ;;
    esac
    exit 3
  fi
  rm -f "$log"
}

# Exports JAVA_HOME, or says what is missing and exits 3.
use_jdk() {
  JAVA_HOME=$(newest_jdk) || {
    say "No JDK >= 25 found under /usr/lib/jvm or in JAVA_HOME. Install one with: apt-get install -y openjdk-25-jdk-headless (or Temurin 25)"
    exit 3
  }
  export JAVA_HOME
}

# Builds the application when a source is newer than the last build. Needs $root.
build_when_stale() {
  local stamp=$root/target/ballast.built
  if [ -f "$stamp" ] && [ -f "$root/target/quarkus-app/quarkus-run.jar" ] \
    && [ -z "$(find "$root/src/main" "$root/pom.xml" "$root/crds" -newer "$stamp" -print -quit)" ]; then
    return 0
  fi
  have mvn || { say "Maven is not here. Install it with: apt-get install -y maven"; exit 3; }
  say "Building Ballast (log: target/build.log) ..."
  mkdir -p "$root/target"
  local started; started=$(mktemp)
  if ! (cd "$root" && mvn -B -q -Dmaven.test.skip=true package) >"$root/target/build.log" 2>&1 </dev/null; then
    grep -m 20 ERROR "$root/target/build.log" >&2
    say "The build failed; the whole log is in target/build.log"
    exit 3
  fi
  mv "$started" "$stamp"
}
