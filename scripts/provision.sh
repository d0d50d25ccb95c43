#!/usr/bin/env bash
# Installs what the tests of landed features use beside Node: PostgreSQL 15 with pgvector, Redis, the NATS server, Temporal's
# development server, and a Python environment with the official clients. Athena itself needs none of it, nothing is started. Debian 12, as root; safe to repeat.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
postgres_bin=/usr/lib/postgresql/15/bin
python_env="$root/.cache/python"
python_packages="$root/scripts/python-clients.txt"
nats_server="$HOME/go/bin/nats-server"
nats_version=v2.15.2
temporal="$HOME/go/bin/temporal"
temporal_version=v1.5.1
export DEBIAN_FRONTEND=noninteractive

say() { printf 'provision: %s\n' "$*"; }
# Runs a command without its output, which is shown only when it fails.
quietly() {
  local log status=0
  log=$(mktemp)
  "$@" >"$log" 2>&1 </dev/null || status=$?
  [ "$status" -eq 0 ] || { say "failed: $*"; tail -n 40 "$log" >&2; }
  rm -f "$log"
  return "$status"
}

updated=no
install_packages() {
  [ "$(id -u)" -eq 0 ] || { say "$* missing; run as root to install"; exit 1; }
  command -v apt-get >/dev/null || { say "$* missing; install by hand, this system has no apt-get"; exit 1; }
  if [ "$updated" = no ]; then
    quietly apt-get update -q
    updated=yes
  fi
  say "installing $*"
  quietly apt-get install -q -y --no-install-recommends -o Dpkg::Options::=--force-confold "$@"
}

# Tests start their own servers, so Debian's are kept from starting by themselves while packages are set up.
forbid_services() {
  [ -e /usr/sbin/policy-rc.d ] && return
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
  chmod 755 /usr/sbin/policy-rc.d
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
}

disable_service() {
  if [ -d /run/systemd/system ]; then quietly systemctl disable --now "$1"; fi
}

provide_postgres() {
  if [ -x "$postgres_bin/initdb" ]; then say "PostgreSQL 15 is there"; return; fi
  forbid_services
  install_packages postgresql-15
  disable_service postgresql
}

provide_redis() {
  if command -v redis-server >/dev/null; then say "Redis is there"; return; fi
  forbid_services
  install_packages redis-server
  disable_service redis-server
}

# Debian 12 has no package of pgvector, so the source package of the next release is built against PostgreSQL 15. The
# archive is the one this machine already uses; its own lists of packages stay as they are.
provide_pgvector() {
  if [ -f "$("$postgres_bin/pg_config" --sharedir)/extension/vector.control" ]; then say "pgvector is there"; return; fi
  forbid_services
  install_packages postgresql-server-dev-15 build-essential dpkg-dev
  local work archive keyring=/usr/share/keyrings/debian-archive-keyring.gpg options=""
  work=$(mktemp -d)
  archive=$(apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
    awk '$1 == "bookworm" && $2 == "main" { print $3; exit }')
  [ -n "$archive" ] || { say "no Debian archive among the sources of apt"; exit 1; }
  [ ! -f "$keyring" ] || options="[signed-by=$keyring] "
  mkdir -p "$work/lists/partial"
  printf 'deb-src %s%s trixie main\n' "$options" "$archive" >"$work/sources.list"
  local apt=(apt-get -q -o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=/dev/null
    -o "Dir::State::Lists=$work/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=root)
  say "building pgvector from Debian's source package"
  quietly "${apt[@]}" update
  (
    cd "$work"
    quietly "${apt[@]}" source pgvector
    cd pgvector-*/
    # No flags of this very processor: the library may be kept in an image that runs elsewhere.
    quietly make -j2 OPTFLAGS="" with_llvm=no PG_CONFIG="$postgres_bin/pg_config"
    quietly make install with_llvm=no PG_CONFIG="$postgres_bin/pg_config"
  )
  rm -rf "$work"
}

# Builds a program from source, into Go's own folder of programs, where the tests look for it.
build_with_go() {
  local go=go
  command -v go >/dev/null || go=/usr/local/go/bin/go
  command -v "$go" >/dev/null || { say "go missing; install Go 1.25 or newer to build $2"; exit 1; }
  say "building $2"
  GOBIN="$(dirname "$1")" quietly "$go" install "$3"
}

provide_nats() {
  if "$nats_server" --version 2>/dev/null | grep -q "v${nats_version#v}$"; then say "NATS $nats_version is there"; return; fi
  build_with_go "$nats_server" "the NATS server $nats_version" "github.com/nats-io/nats-server/v2@$nats_version"
}

# The program tells no version of itself when it is built like this; Go's own note in it does. About 3 minutes.
provide_temporal() {
  local go=go
  command -v go >/dev/null || go=/usr/local/go/bin/go
  if [ -x "$temporal" ] && "$go" version -m "$temporal" 2>/dev/null | grep -q "temporalio/cli[[:space:]]$temporal_version[[:space:]]"; then
    say "Temporal $temporal_version is there"
    return
  fi
  build_with_go "$temporal" "Temporal's development server $temporal_version" "github.com/temporalio/cli/cmd/temporal@$temporal_version"
}

provide_python() {
  if cmp -s "$python_packages" "$python_env/installed.txt"; then say "Python clients are there"; return; fi
  python3 -c 'import ensurepip, venv' 2>/dev/null || install_packages python3-venv
  say "installing Python clients: $(tr '\n' ' ' <"$python_packages")"
  rm -rf "$python_env"
  mkdir -p "$(dirname "$python_env")"
  quietly python3 -m venv "$python_env"
  quietly "$python_env/bin/python" -m pip install --quiet --requirement "$python_packages"
  cp "$python_packages" "$python_env/installed.txt"
}

provide_postgres
provide_redis
provide_pgvector
provide_nats
provide_temporal
provide_python
say "done"
