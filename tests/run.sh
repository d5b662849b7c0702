#!/usr/bin/env bash
# Builds the solution and runs every test project. Needs a .NET SDK; installs the rest with apt-get and npm where it may.
#
#   tests/run.sh                     all parts
#   tests/run.sh simulation faults   these parts only
#
#   MESSAGING_TEST_FILTER    a filter of dotnet test, such as FullyQualifiedName~Recovery
#   MESSAGING_TEST_TIMEOUT   seconds after which a test project counts as hung (default 900)
#
# The last line is always "N passed, N failed, N skipped". A build that fails, and a project that crashes, hangs or executes
# nothing, each count as one failure. Any failure makes the exit code 1.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

parts=(unit catalog simulation faults aws contract sdk)
declare -A projects=(
  [unit]="Messaging.Storage.Tests Messaging.Broker.Tests Messaging.Http.Tests Messaging.Push.Tests Messaging.Rest.Tests Messaging.Grpc.Tests Messaging.Aws.Tests"
  [catalog]="Messaging.Catalog.Tests"
  [simulation]="Messaging.Simulation"
  [faults]="Messaging.Api.Tests"
  [aws]="Messaging.AwsClients.Tests"
  [contract]="Messaging.Contract.Tests"
  [sdk]="Messaging.Sdk.Tests"
)
declare -A budgets=([build]=120 [unit]=150 [catalog]=120 [simulation]=120 [faults]=120 [aws]=120 [contract]=120 [sdk]=180)
filter=${MESSAGING_TEST_FILTER:-}
results=artifacts/test-results
passed=0 failed=0 skipped=0 finished=0

# sbin holds mkfs and losetup, and is missing from the PATH of most users.
export PATH="$PATH:/usr/sbin:/sbin"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en
export DOTNET_CLI_HOME="${DOTNET_CLI_HOME:-${HOME:-/tmp}}"
# A build node that lives on keeps our output open, and whoever reads it through a pipe waits for ever.
export MSBUILDDISABLENODEREUSE=1

# However the script ends, it ends with the summary.
finish() {
  local code=$?
  trap - EXIT
  if ((!finished && failed == 0)); then failed=1; fi
  if ((code == 0 && failed > 0)); then code=1; fi
  echo "$passed passed, $failed failed, $skipped skipped"
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Runs a command with root's rights, where that takes no password.
as_root() {
  if ((EUID == 0)); then "$@"; else sudo -n "$@"; fi
}

# install <package>...: says what could not be installed, and why.
install() {
  if (($# == 0)); then return; fi
  local why=""
  if ! command -v apt-get >/dev/null; then why="there is no apt-get"
  elif ((EUID != 0)) && ! sudo -n true 2>/dev/null; then why="not root, and no sudo without a password"
  else
    echo "installing $*"
    local log; log=$(mktemp)
    if ! { as_root timeout 120 apt-get update -qq -o Acquire::Retries=1 -o DPkg::Lock::Timeout=60 &&
           as_root env DEBIAN_FRONTEND=noninteractive timeout 300 apt-get install -qq -y --no-install-recommends -o DPkg::Lock::Timeout=60 "$@"
         } </dev/null >"$log" 2>&1; then
      why="apt-get failed: $(tail -n 1 "$log")"
    fi
    rm -f "$log"
  fi
  if [[ -n $why ]]; then echo "not installed: $* ($why); tests that need them are skipped"; fi
}

install_tools() {
  local tool package missing=()
  for tool in strace:strace xfs_io:xfsprogs mkfs.xfs:xfsprogs mkfs.ext4:e2fsprogs curl:curl python3:python3; do
    package=${tool#*:}
    if ! command -v "${tool%%:*}" >/dev/null && [[ " ${missing[*]-} " != *" $package "* ]]; then missing+=("$package"); fi
  done
  # Debian keeps its programs out of PATH. The tests start an instance of their own; whether one of the system runs is all the same.
  if ! compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null && ! command -v initdb >/dev/null; then missing+=(postgresql); fi
  install ${missing[@]+"${missing[@]}"}
}

# The clients of the part aws. By themselves, so that what is missing of them keeps nothing else away.
install_clients() {
  local python=python3 missing=()
  # The distribution's comes first, as in the tests: a developer's own Python is often another one.
  if [[ -x /usr/bin/python3 ]]; then python=/usr/bin/python3; fi
  if ! "$python" -c 'import boto3' 2>/dev/null; then missing+=(python3-boto3); fi
  if ! command -v aws >/dev/null; then missing+=(awscli); fi
  install ${missing[@]+"${missing[@]}"}
  install_packages tests/Messaging.AwsClients.Tests/node/package.json artifacts/npm/aws
}

# What judges the contract: a linter, and the browser in which its page is tried.
install_judges() {
  if ! command -v chromium >/dev/null; then install chromium; fi
  install_packages tests/Messaging.Contract.Tests/node/package.json artifacts/npm/contract
}

# install_packages <list> <folder>: packages of npm, outside of the source tree's folders and kept until their list changes.
install_packages() {
  local list=$1 kept=$2 log missing=()
  if ! command -v node >/dev/null; then missing+=(nodejs); fi
  if ! command -v npm >/dev/null; then missing+=(npm); fi
  install ${missing[@]+"${missing[@]}"}
  if ! command -v npm >/dev/null || cmp -s "$list" "$kept/package.json"; then return; fi
  echo "installing the packages of $list"
  rm -rf "$kept" "$kept.new"
  mkdir -p "$kept.new"
  cp "$list" "$kept.new/"
  log=$(mktemp)
  if timeout 180 npm install --prefix "$kept.new" --no-package-lock --no-audit --no-fund --ignore-scripts --loglevel=error </dev/null >"$log" 2>&1; then mv "$kept.new" "$kept"
  else echo "not installed: the packages of $list (npm failed: $(tail -n 1 "$log")); tests that need them are skipped"; fi
  rm -f "$log"
}

# What generates clients of api/proto, and runs those of Python. By themselves, as the clients of the part aws.
install_grpc() {
  local python=python3 missing=()
  if [[ -x /usr/bin/python3 ]]; then python=/usr/bin/python3; fi
  if ! "$python" -c 'import grpc, google.protobuf' 2>/dev/null; then missing+=(python3-grpcio python3-protobuf); fi
  if ! command -v protoc >/dev/null; then missing+=(protobuf-compiler); fi
  if ! command -v grpc_python_plugin >/dev/null; then missing+=(protobuf-compiler-grpc); fi
  # The well-known types, and the contracts of health and reflection.
  if [[ ! -e /usr/include/google/protobuf/timestamp.proto ]]; then missing+=(libprotobuf-dev); fi
  if [[ ! -d /usr/share/grpc-proto/grpc ]]; then missing+=(grpc-proto); fi
  install ${missing[@]+"${missing[@]}"}
  install_packages docs/examples/typescript-grpc/package.json artifacts/npm/grpc
}

# What generates a client of C#.
install_kiota() {
  if [[ -x artifacts/kiota/kiota ]]; then return; fi
  echo "installing kiota"
  if ! timeout 120 dotnet tool install Microsoft.OpenApi.Kiota --version 1.38.0 --tool-path artifacts/kiota </dev/null >/dev/null 2>&1; then
    echo "not installed: kiota (dotnet tool install failed); tests that need it are skipped"
  fi
}

# report <part> <started, in SECONDS>
report() {
  local elapsed=$((SECONDS - $2)) budget=${budgets[$1]}
  echo "== $1: $elapsed s of $budget s"
  if ((elapsed > budget)); then echo "warning: $1 is over its budget by $((elapsed - budget)) s"; fi
}

build() {
  local started=$SECONDS
  # -warnaserror covers what a compiler setting cannot: warnings of restore and of MSBuild itself.
  if ! dotnet build Messaging.Api.sln -c Release -warnaserror -nodeReuse:false </dev/null; then
    failed=1
    exit 1
  fi
  report build "$started"
}

# counter <trx> <name>: one counter of a result file, 0 where it is missing
counter() {
  local value
  value=$(sed -n "s/.*<Counters [^>]*\b$2=\"\([0-9]*\)\".*/\1/p" "$1" | head -n 1)
  echo "${value:-0}"
}

# Prints "skipped: <test>: <reason>" for each test that a result file holds as not executed.
skips() {
  awk 'BEGIN { RS = "<UnitTestResult " }
    NR > 1 {
      tag = substr($0, 1, index($0, ">"))
      if (tag !~ /outcome="NotExecuted"/) next
      name = tag; sub(/.*testName="/, "", name); sub(/".*/, "", name)
      reason = "no reason given"
      if (match($0, /<Message>[^<]*/)) reason = substr($0, RSTART + 9, RLENGTH - 9)
      else if (match($0, /<StdOut>[^<]*/)) reason = substr($0, RSTART + 8, RLENGTH - 8)
      gsub(/[\r\n]+/, " ", reason)
      line = "skipped: " name ": " reason
      gsub(/&quot;/, "\"", line); gsub(/&lt;/, "<", line); gsub(/&gt;/, ">", line); gsub(/&amp;/, "\\&", line)
      print line
    }' "$1"
}

broken() {
  failed=$((failed + 1))
  echo "failed: $1 $2"
}

test_project() {
  local name=$1 trx="$results/$1.trx" code=0
  echo "-- $name"
  timeout --kill-after=30 "${MESSAGING_TEST_TIMEOUT:-900}" \
    dotnet test "tests/$name/$name.csproj" --no-build -c Release --results-directory "$results" \
      --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" ${filter:+--filter "$filter"} </dev/null || code=$?

  if ((code == 124 || code == 137)); then broken "$name" "did not end within ${MESSAGING_TEST_TIMEOUT:-900} s"; return; fi
  if [[ ! -s $trx ]]; then
    if ((code != 0)); then broken "$name" "crashed without a result (exit code $code)"
    elif [[ -z $filter ]]; then broken "$name" "executed nothing"; fi
    return
  fi

  local total executed good bad
  total=$(counter "$trx" total) executed=$(counter "$trx" executed) good=$(counter "$trx" passed)
  bad=$((executed - good))
  passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + total - executed))
  skips "$trx"
  if ((code != 0 && bad == 0)); then broken "$name" "crashed after $executed tests (exit code $code)"; fi
  if ((code == 0 && executed == 0)) && [[ -z $filter ]]; then broken "$name" "executed nothing"; fi
}

if (($# > 0)); then parts=("$@"); fi
for part in "${parts[@]}"; do
  if [[ -z ${projects[$part]-} ]]; then echo "there is no part $part; the parts are: ${!projects[*]}"; exit 2; fi
done

rm -rf "$results"
mkdir -p "$results"
install_tools
if [[ " ${parts[*]} " == *" aws "* ]]; then install_clients; fi
if [[ " ${parts[*]} " == *" contract "* ]]; then install_judges; fi
if [[ " ${parts[*]} " == *" sdk "* ]]; then
  install_packages docs/examples/typescript-rest/package.json artifacts/npm/sdk
  install_kiota
  install_grpc
fi
build
for part in "${parts[@]}"; do
  started=$SECONDS
  for project in ${projects[$part]}; do test_project "$project"; done
  report "$part" "$started"
done
if ((passed + failed == 0)); then broken "the run" "executed nothing"; fi
finished=1
