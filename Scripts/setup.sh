#!/usr/bin/env bash
# Puts in place what the build, the tests and the notebooks need, and says in one line what each step does.
# What is there already is left alone, so that it costs nothing to run this before every build.
#
#   Scripts/setup.sh build     the Swift toolchain, the system libraries, the Swift packages
#   Scripts/setup.sh python    the Python environment .venv as requirements.txt has it; after `build`
#   Scripts/setup.sh peers     the one of `make compare`: .venv-peers as Benchmarks/requirements-peers.txt has it
set -euo pipefail
cd "$(dirname "$0")/.."

readonly debian_packages="libhdf5-dev libopenblas-dev libdnnl-dev zlib1g-dev pkg-config python3-venv"
readonly homebrew_packages="hdf5 openblas onednn zlib pkgconf python@3.13"
readonly swift_minimum="6.2"
readonly python_minimum="3.11"

say() { printf 'setup: %s\n' "$*" >&2; }
stop() {
  printf 'setup: error: %s\n' "$*" >&2
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# at_least 6.3.1 6.2: whether the first version is the second or later.
at_least() {
  local IFS=.
  local -a got wanted
  read -ra got <<<"$1"
  read -ra wanted <<<"$2"
  local index
  for index in 0 1; do
    if ((${got[index]:-0} != ${wanted[index]:-0})); then
      ((${got[index]:-0} > ${wanted[index]:-0}))
      return
    fi
  done
}

# --- Swift

check_swift() {
  have swift || stop "no Swift toolchain in PATH: install Swift $swift_minimum or later from" \
    "https://www.swift.org/install and put its usr/bin folder in PATH (export PATH=/path/to/swift/usr/bin:\$PATH)."
  local version
  version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1) || true
  [ -n "$version" ] || stop "\"swift --version\" at $(command -v swift) doesn't work: install Swift" \
    "$swift_minimum or later from https://www.swift.org/install and put its usr/bin folder first in PATH."
  at_least "$version" "$swift_minimum" || stop "Swift $version at $(command -v swift) is too old: install Swift" \
    "$swift_minimum or later from https://www.swift.org/install and put its usr/bin folder first in PATH."
  say "Swift $version"
}

# --- System libraries

# A Python that is new enough and can make environments: $PYTHON, or the first of the usual names.
find_python() {
  local name
  for name in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    if have "$name" && "$name" - <<PYTHON 2>/dev/null
import sys, venv, ensurepip
sys.exit(sys.version_info < tuple(map(int, "$python_minimum".split("."))))
PYTHON
    then
      command -v "$name"
      return
    fi
  done
  return 1
}

# Which of the Debian packages are not installed.
missing_debian_packages() {
  local package
  for package in $debian_packages; do
    # Any Python with venv will do, not only the system's.
    [ "$package" = python3-venv ] && find_python >/dev/null && continue
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || printf '%s ' "$package"
  done
}

install_debian_packages() {
  local command="apt-get install --yes --no-install-recommends $*"
  local -a root=()
  if [ "$(id -u)" -ne 0 ]; then
    have sudo || stop "missing $*, and you are neither root nor have sudo: ask an administrator to run: $command"
    root=(sudo)
    [ -t 0 ] || root=(sudo -n)
    "${root[@]}" true 2>/dev/null || stop "missing $*, and sudo refuses: ask an administrator to run: $command"
  fi
  say "installing $*${root[0]:+ (with sudo)}"
  local log
  log=$(mktemp)
  # ${root[@]+...}: an empty array counts as unset in bash before 4.4.
  if ! ${root[@]+"${root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get update --quiet >"$log" 2>&1 </dev/null \
    || grep -q '^\(W\|E\): Failed to fetch' "$log" \
    || ! ${root[@]+"${root[@]}"} env DEBIAN_FRONTEND=noninteractive $command --quiet >"$log" 2>&1 </dev/null; then
    tail -n 5 "$log" >&2
    rm -f "$log"
    stop "apt-get could not install $*: look whether this machine reaches the network and its Debian mirror (the" \
      "lines above say what apt-get met), or install them by other means with: $command"
  fi
  rm -f "$log"
}

install_homebrew_packages() {
  local package missing=""
  for package in $homebrew_packages; do
    brew list --formula "$package" >/dev/null 2>&1 || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  say "installing$missing with Homebrew"
  # shellcheck disable=SC2086 # one word for each package
  brew install $missing >&2 </dev/null || stop "Homebrew could not install$missing: its lines above say why; look" \
    "whether this machine reaches the network, then run: brew install$missing"
}

# oneDNN comes without a file for pkg-config, so a compiler is asked.
have_onednn() {
  local compiler
  for compiler in clang cc; do
    have "$compiler" && "$compiler" -E -x c - <<<'#include <oneapi/dnnl/dnnl.h>' >/dev/null 2>&1 && return 0
  done
  return 1
}

check_libraries() {
  if have dpkg-query && have apt-get; then
    local missing
    missing=$(missing_debian_packages)
    # shellcheck disable=SC2086 # one word for each package
    [ -z "$missing" ] || install_debian_packages $missing
  elif have brew; then
    install_homebrew_packages
  elif [ "$(uname -s)" = Darwin ]; then
    stop "Homebrew is missing: install it from https://brew.sh, then run: brew install $homebrew_packages"
  elif ! { have pkg-config && pkg-config --exists hdf5 openblas zlib && find_python >/dev/null; }; then
    stop "missing pkg-config, HDF5, OpenBLAS or zlib with headers, or Python $python_minimum with venv: install them" \
      "with your system's package manager, so that this works: pkg-config --exists hdf5 openblas zlib"
  elif ! have_onednn; then
    stop "missing oneDNN with its headers: install it with your system's package manager (often as onednn or dnnl), so" \
      "that a C compiler finds <oneapi/dnnl/dnnl.h>."
  fi
  say "system libraries are there"
}

# --- Swift packages

resolve_packages() {
  # Package.swift newer than the last resolution, or none yet.
  [ .build/workspace-state.json -nt Package.swift ] && return
  say "fetching the Swift packages that Package.swift names"
  local log
  log=$(mktemp)
  if ! swift package resolve >"$log" 2>&1 </dev/null; then
    tail -n 5 "$log" >&2
    rm -f "$log"
    stop "the Swift packages could not be fetched: look whether this machine reaches https://github.com, then run this" \
      "again."
  fi
  rm -f "$log"
  touch .build/workspace-state.json
}

# --- Python

# build_environment .venv requirements.txt
build_environment() {
  local environment=$1 requirements=$2 python stamp="$1/made-from"
  python=$(find_python) || stop "no Python $python_minimum or later with venv in PATH: install one and run this again" \
    "with PYTHON=/path/to/python3."
  if [ -x "$environment/bin/python" ] && cmp -s "$requirements" "$stamp" && "$environment/bin/python" -c '' 2>/dev/null; then
    say "Python environment $environment is up to date"
    return
  fi
  say "building the Python environment $environment from $requirements"
  rm -rf "$environment"
  "$python" -m venv "$environment" || stop "$python could not make the environment $environment."
  "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements" >&2 \
    </dev/null || stop "pip could not install $requirements: its lines above say why; look whether this machine" \
    "reaches https://pypi.org, then run this again."
  cp "$requirements" "$stamp"
}

case "${1:-}" in
  build)
    check_swift
    check_libraries
    resolve_packages
    ;;
  python) build_environment "${LANDSCAPE_VENV:-.venv}" requirements.txt ;;
  peers) build_environment .venv-peers Benchmarks/requirements-peers.txt ;;
  *) stop "say what is to be set up: build, python or peers" ;;
esac
