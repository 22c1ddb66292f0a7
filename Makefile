# Every target does its own set-up (Scripts/setup.sh); what is there already is left alone.
PROFILE ?= quick
RESULTS ?= results

# One set of flags for every build, so that nothing is compiled twice. C headers seen for this very processor let the
# compiler use its widest vectors in Swift's loops too (sixteen lanes of Float with AVX-512 in place of four).
ifeq ($(shell uname -m),x86_64)
  CPU := -Xcc -march=native
endif
# Homebrew's folders, where oneDNN has no pkg-config file that would name them.
ifeq ($(shell uname -s),Darwin)
  HOMEBREW := $(shell brew --prefix 2>/dev/null)
  CPU += -Xcc -I$(HOMEBREW)/include -Xlinker -L$(HOMEBREW)/lib
endif
FLAGS := -c release --explicit-target-dependency-import-check error $(CPU)
export SWIFT_FLAGS := $(FLAGS)

SOURCES := Package.swift Sources Tests Benchmarks experiments
PROGRAM := .build/release/landscape

.DEFAULT_GOAL := help

reproduce: build .venv ## Build, make the runs behind the findings, print verdicts, draw figures (PROFILE=smoke|quick|full)
	@Scripts/reproduce.sh $(PROGRAM) $(PROFILE) $(RESULTS)

test: build-tests .venv ## Lint, build, and run all tests: Swift's, Python's on run files, and the set-up's
	@Scripts/test.sh

build: setup ## Build the program: .build/release/landscape
	swift build $(FLAGS)

build-tests: lint
	swift build --build-tests $(FLAGS)

notebooks: .venv ## Execute the notebooks anew on what lies in RESULTS=results
	@.venv/bin/python Scripts/notebooks.py --results $(RESULTS) --force

bench: build ## Time training steps beside plain BLAS calls
	$(PROGRAM) bench

compare: build .venv-peers ## Time steps, products and more beside PyTorch and JAX (CASES="mlp-step ...")
	@.venv-peers/bin/python Benchmarks/compare.py --program $(PROGRAM) $(if $(CASES),--cases $(CASES))

lint: setup ## Check the style of all Swift sources
	swift format lint --strict --parallel --recursive $(SOURCES)

format: ## Rewrite all Swift sources in the house style
	swift format --in-place --parallel --recursive $(SOURCES)

clean: ## Remove what was built: .build, .venv and .venv-peers (results stay)
	rm -rf .build .venv .venv-peers

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Put in place what builds need: checks Swift, installs system libraries that are missing
	@Scripts/setup.sh build

.venv: setup
	@Scripts/setup.sh python

.venv-peers: setup
	@Scripts/setup.sh peers

.PHONY: reproduce test build build-tests notebooks bench compare lint format clean help setup .venv .venv-peers
