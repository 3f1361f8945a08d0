#!/usr/bin/env bash
# Tests bin/ballast, and where the cluster tests get their control plane, on machines that lack things: a copy of it in a folder with a space in its name, a PATH with nothing but
# basic tools, and stand-ins for apt, Maven and the JDK that note how they were called. Called by bin/test with the file to
# report to; needs nothing that is not on every Debian.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
report=${1:-/dev/null}
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
tests=0 failures=0 cases=''

# A fresh machine: $clone, $tools (the PATH), $jvm (/usr/lib/jvm), $calls (what the stand-ins were asked for).
fresh() {
  machine=$(mktemp -d "$work/a machine.XXXXXX")
  clone=$machine/clone tools=$machine/tools jvm=$machine/jvm calls=$machine/calls
  mkdir -p "$clone/src/main/java" "$clone/crds" "$tools" "$jvm"
  : >"$calls"
  cp -r "$here/bin" "$clone/bin"
  echo '<project/>' >"$clone/pom.xml"
  echo 'class A {}' >"$clone/src/main/java/A.java"
  local tool
  for tool in bash cat chmod cksum cp cut dirname env find flock grep head ln ls mkdir mktemp mv readlink rm sed sort stat tail touch tr; do
    ln -s "$(command -v $tool)" "$tools/$tool"
  done
  user 1000
}

stand_in() { printf '#!/bin/bash\n%s\n' "$2" >"$tools/$1"; chmod +x "$tools/$1"; }

user() { stand_in id "case \$1 in -u) echo $1;; *) echo somebody;; esac"; }

# apt-get that installs stand-ins of the packages it is asked for.
apt() {
  stand_in apt-get "echo \"apt-get \$*\" >>'$calls'
[ \"\$1\" = install ] || exit 0
for package in \"\$@\"; do case \$package in
  maven) printf '#!/bin/bash\nexec \"$machine/maven\" \"\$@\"' >'$tools/mvn'; chmod +x '$tools/mvn';;
  openjdk-25*) cp -r '$machine/jdk' '$jvm/java-25';;
  mesa*) touch '$machine/lvp_icd.json';;
  chromium-driver) ln -s /bin/true '$tools/chromedriver';;
  -*|install) ;;
  *) ln -sf /bin/true \"$tools/\$package\";;
esac; done"
}

# A JDK whose java says how it was called.
jdk() {
  mkdir -p "$1/bin"
  printf 'IMPLEMENTOR="x"\nJAVA_VERSION="%s"\n' "$2" >"$1/release"
  # shellcheck disable=SC2016 # its variables are the stand-in's
  printf '#!/bin/bash\nprintf "java %s:" %s; printf " <%%s>" "$@"; echo\n' "$2" "$2" >"$1/bin/java"
  cp "$1/bin/java" "$1/bin/javac"
  chmod +x "$1/bin/java" "$1/bin/javac"
}

# Maven that builds.
maven_builds() {
  printf '#!/bin/bash\necho "mvn $*" >>%q\nmkdir -p target/quarkus-app && echo jar >target/quarkus-app/quarkus-run.jar\nmkdir -p src/main/runner/node_modules && date +%%N >src/main/runner/node_modules/made-by-the-build\n' "$calls" >"$machine/maven"
  sed -i 's/date +%N/echo made/' "$machine/maven"
  chmod +x "$machine/maven"
}

# Everything is there: JDK, Maven, npm, browsers.
complete() {
  jdk "$jvm/java-25" 25.0.3
  maven_builds
  ln -s "$machine/maven" "$tools/mvn"
  local name
  for name in npm chromium chromedriver firefox-esr; do ln -s /bin/true "$tools/$name"; done
  touch "$machine/lvp_icd.json"
}

# Runs bin/ballast there; leaves $out, $err and $code.
ballast() {
  out=$(cd / && env -i PATH="$tools" HOME="$machine" TMPDIR="$machine" BALLAST_JVM_DIR="$jvm" BALLAST_VULKAN_DIR="$machine" ${extra:+"$extra"} \
    "${command:-$clone/bin/ballast}" "$@" 2>"$machine/err")
  code=$?
  err=$(cat "$machine/err")
}

escaped() { sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g; s/"/\&quot;/g' <<<"$1"; }

fail() { problem+="$1"$'\n'; }

exits() { [ "$code" -eq "$1" ] || fail "exit code $code, not $1"; }

contains() { case $1 in *"$2"*) ;; *) fail "\"$2\" is not in: $1" ;; esac; }

lacks() { case $1 in *"$2"*) fail "\"$2\" is in: $1" ;; esac; }

is() { [ "$1" = "$2" ] || fail "\"$1\" is not \"$2\""; }

# One test: fresh machine, then the function of that name.
check() {
  problem='' extra='' command=''
  fresh
  "$1"
  tests=$((tests + 1))
  local name=${1//_/ }
  if [ -z "$problem" ]; then
    printf '✔ %s\n' "$name"
    cases+="  <testcase classname=\"scripts\" name=\"$name\"></testcase>"$'\n'
  else
    failures=$((failures + 1))
    printf '✘ %s\n%s\n  stdout: %s\n  stderr: %s\n' "$name" "$problem" "$out" "$err"
    cases+="  <testcase classname=\"scripts\" name=\"$name\"><failure>$(escaped "$problem")</failure></testcase>"$'\n'
  fi
}

without_root_it_prints_the_one_command_and_exits_3() {
  apt
  ballast quickstart
  exits 3
  contains "$err" "chromedriver, to drive Chromium"
  contains "$err" "Install them with: sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends openjdk-25-jdk-headless maven npm chromium chromium-driver firefox-esr mesa-vulkan-drivers'"
  is "$(cat "$calls")" ""
}

without_apt_it_says_so() {
  ballast quickstart
  exits 3
  contains "$err" "There is no apt here"
}

as_root_it_installs_what_is_missing_says_why_and_goes_on() {
  user 0
  apt
  jdk "$machine/jdk" 25.0.3
  maven_builds
  ballast quickstart --repetitions 2
  exits 0
  contains "$err" "firefox-esr: Firefox, a browser to test in"
  contains "$out" "<quickstart> <--repetitions> <2>"
  is "$(grep -c apt-get "$calls")" 2

  : >"$calls"
  ballast quickstart
  exits 0
  is "$(cat "$calls")" ""
  is "$err" ""
}

what_apt_refuses_is_told_with_its_last_words() {
  user 0
  stand_in apt-get 'echo "E: no such package" ; exit 100'
  ballast quickstart
  exits 3
  contains "$err" "E: no such package"
  contains "$err" "Put one, for example Temurin 25, under /usr/lib/jvm"
}

only_quickstart_installs() {
  user 0
  apt
  ballast run jobs.yaml
  exits 3
  contains "$err" "No JDK >= 25 found"
  is "$(cat "$calls")" ""
}

a_JDK_below_25_on_the_PATH_is_passed_over() {
  complete
  jdk "$machine/old" 17.0.15
  ln -s "$machine/old/bin/javac" "$tools/javac"
  ln -s "$machine/old/bin/java" "$tools/java"
  extra="JAVA_HOME=$machine/old"
  ballast --version
  exits 0
  contains "$out" "java 25.0.3:"
}

a_JDK_on_the_PATH_alone_will_do() {
  complete
  mv "$jvm/java-25" "$machine/elsewhere"
  ln -s "$machine/elsewhere/bin/javac" "$tools/javac"
  ballast --version
  exits 0
  contains "$out" "java 25.0.3:"
}

a_symbolic_link_in_another_folder_works() {
  complete
  mkdir "$machine/my bin"
  ln -s "$clone/bin/ballast" "$machine/my bin/ballast"
  command="$machine/my bin/ballast"
  ballast run "my job.yaml"
  exits 0
  contains "$out" "<-jar> <$clone/target/quarkus-app/quarkus-run.jar> <run> <my job.yaml>"
}

what_is_built_is_not_built_again() {
  complete
  ballast --version
  is "$(grep -c mvn "$calls")" 1
  contains "$err" "Building Ballast"
  ballast --version
  is "$(grep -c mvn "$calls")" 1
  is "$err" ""
}

a_changed_an_added_and_a_removed_source_are_built() {
  complete
  ballast --version
  touch -d '1 minute' "$clone/src/main/java/A.java"
  ballast --version
  is "$(grep -c mvn "$calls")" 2
  touch "$clone/src/main/java/A.java"
  touch -d '1 hour ago' "$clone/src/main/java/B.java"
  ballast --version
  is "$(grep -c mvn "$calls")" 3
  rm "$clone/src/main/java/B.java"
  ballast --version
  is "$(grep -c mvn "$calls")" 4
  ballast --version
  is "$(grep -c mvn "$calls")" 4
}

Maven_gets_its_extra_arguments() {
  complete
  extra="BALLAST_MAVEN_ARGS=-o -Dmaven.repo.local=/elsewhere"
  ballast --version
  contains "$(cat "$calls")" "-o -Dmaven.repo.local=/elsewhere -q"
}

a_build_that_fails_says_why_and_is_tried_again() {
  complete
  printf '#!/bin/bash\necho "[ERROR] A.java:1 no good"\nexit 1\n' >"$machine/maven"
  ballast --version
  exits 3
  contains "$err" "A.java:1 no good"
  contains "$err" "The build failed"
  maven_builds
  ballast --version
  exits 0
}

a_clone_of_another_user_runs_but_is_not_built() {
  complete
  ballast --version
  touch -d '1 minute' "$clone/src/main/java/A.java"
  chmod a-w "$clone/target"
  if [ "$(id -u)" -eq 0 ]; then
    chmod -R a+rX "$work"
    stand_in setpriv "exec $(command -v setpriv) \"\$@\""
    command="$machine/as-nobody"
    printf '#!/bin/bash\nexec %q --reuid 65534 --regid 65534 --clear-groups %q "$@"\n' "$(command -v setpriv)" "$clone/bin/ballast" >"$command"
    chmod +x "$command"
  fi
  ballast --version
  exits 3
  contains "$err" "target cannot be written by"
  touch -d '1 hour ago' "$clone/src/main/java/A.java"
  ballast --version
  exits 0
}

# A JDK whose java, when it is told to practise, does $1 with the file it shall keep what it learned in.
learning_jdk() {
  # shellcheck disable=SC2016 # its variables are the stand-in's
  printf '#!/bin/bash\nfor o in "$@"; do case $o in -XX:AOTCacheOutput=*) file=${o#*=}; %s ;; esac; done\nprintf " <%%s>" "$@"\n' "$1" >"$jvm/java-25/bin/java"
}

what_the_JVM_learned_at_the_build_is_used() {
  complete
  learning_jdk 'echo classes >"$file"'
  ballast --version
  exits 0
  contains "$out" "<-XX:AOTCache=$clone/target/ballast.aot>"
  is "$(ls "$clone/target" | grep -c 'aot')" 1
}

only_the_controller_is_told_to_give_memory_back() {
  complete
  learning_jdk 'echo classes >"$file"'
  ballast controller
  exits 0
  contains "$out" "<-XX:TrimNativeHeapInterval="
  ballast local
  lacks "$out" TrimNativeHeapInterval
}

a_practice_that_fails_is_done_without() {
  complete
  learning_jdk 'echo half >"$file"; echo conf >"$file.config"; exit 1'
  ballast --version
  exits 0
  lacks "$out" AOTCache
  is "$(ls "$clone/target" | grep -c 'aot')" 0
}

# Where the control plane of the cluster tests comes from, on a machine with $tools; leaves $out (the directory), $err and $code.
test_cluster() {
  mkdir -p "$clone/src/test/cluster"
  touch "$clone/src/test/cluster/go.mod" "$clone/src/test/cluster/go.sum" "$clone/src/test/cluster/main.go"
  ln -s "$(command -v sha256sum)" "$tools/sha256sum"
  # shellcheck disable=SC2016 # expanded there
  out=$(env -i PATH="$tools" HOME="$machine" TMPDIR="$machine" ${extra:+"$extra"} bash -c '
    root=$1
    . "$root/bin/lib/environment.sh"
    . "$root/bin/lib/cluster.sh"
    use_test_cluster && echo "${BALLAST_CLUSTER_BINARIES:-none}"' test "$clone" 2>"$machine/err")
  code=$?
  err=$(cat "$machine/err")
}

# A Go of that version that builds, and notes it.
go_builds() {
  stand_in go "case \$1 in
  env) echo go$1;;
  build) echo \"go \$*\" >>'$calls'
    while [ \$# -gt 1 ]; do [ \"\$1\" != -o ] || { echo '#!/bin/sh' >\"\$2\"; chmod +x \"\$2\"; }; shift; done;;
esac"
}

without_etcd_no_control_plane_is_built() {
  go_builds 1.26.1
  test_cluster
  exits 3
  contains "$err" "etcd is not here. Install it with: apt-get install -y etcd-server"
  lacks "$err" "Building"
  is "$(cat "$calls")" ""
}

the_control_plane_is_built_once() {
  go_builds 1.26.1
  ln -s /bin/true "$tools/etcd"
  test_cluster
  exits 0
  contains "$out" "$machine/.cache/ballast/cluster-"
  for program in kube-apiserver kube-controller-manager kubectl etcd; do
    [ -x "$out/$program" ] || fail "$program is not in $out"
  done
  rm "$tools/sha256sum"
  test_cluster
  exits 0
  is "$(grep -c build "$calls")" 1
}

without_a_new_Go_the_tests_download_their_API_server() {
  go_builds 1.25.9
  test_cluster
  exits 0
  is "$out" none
  contains "$err" "No Go >= 1.26 here"
  is "$(cat "$calls")" ""
}

a_control_plane_that_is_given_is_taken_if_it_is_whole() {
  mkdir "$machine/assets"
  local program
  for program in kube-apiserver kubectl etcd; do ln -s /bin/true "$machine/assets/$program"; done
  extra="KUBEBUILDER_ASSETS=$machine/assets"
  test_cluster
  contains "$err" "KUBEBUILDER_ASSETS is not used"
  is "$out" none
  ln -s /bin/true "$machine/assets/kube-controller-manager"
  rm "$tools/sha256sum"
  test_cluster
  exits 0
  is "$out" "$machine/assets"
  is "$err" ""
}

check without_root_it_prints_the_one_command_and_exits_3
check without_apt_it_says_so
check as_root_it_installs_what_is_missing_says_why_and_goes_on
check what_apt_refuses_is_told_with_its_last_words
check only_quickstart_installs
check a_JDK_below_25_on_the_PATH_is_passed_over
check a_JDK_on_the_PATH_alone_will_do
check a_symbolic_link_in_another_folder_works
check what_is_built_is_not_built_again
check a_changed_an_added_and_a_removed_source_are_built
check Maven_gets_its_extra_arguments
check a_build_that_fails_says_why_and_is_tried_again
check a_clone_of_another_user_runs_but_is_not_built
check what_the_JVM_learned_at_the_build_is_used
check only_the_controller_is_told_to_give_memory_back
check a_practice_that_fails_is_done_without
check without_etcd_no_control_plane_is_built
check the_control_plane_is_built_once
check without_a_new_Go_the_tests_download_their_API_server
check a_control_plane_that_is_given_is_taken_if_it_is_whole

printf '<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="scripts" tests="%d" failures="%d" errors="0" skipped="0">\n%s</testsuite>\n' \
  "$tests" "$failures" "$cases" >"$report"
[ "$failures" -eq 0 ]
