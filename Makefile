# Two commands matter: `make run` and `make test`. Both install what is missing.
# The logic stands in scripts/; here are only the verbs.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test lint unit e2e ui build bench soak deny install-tools clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## build, seed the demo province on the first start, serve on http://127.0.0.1:8080
	@scripts/run.sh

test: ## everything: format, lints, tests on both databases, browser scenarios
	@scripts/test.sh style unit e2e

lint: ## rustfmt, clippy, type check of the browser code
	@scripts/test.sh style clippy

unit: ## Rust tests, compiled with clippy, on SQLite and PostgreSQL; unit tests of the browser code
	@scripts/test.sh unit

e2e: ## browser scenarios in Chromium, with accessibility checks
	@scripts/test.sh e2e

ui: ## build the browser bundle if its sources changed
	@scripts/ui.sh build

build: ui ## build the debug binary
	@cargo build --package vanthu

bench: ## measure, as ratios against limits of the same run
	@scripts/bench.sh

soak: ## two installations, a bad axis, 10 000 documents, 50 kills: takes an hour or more
	@scripts/soak.sh

deny: ## licences, advisories and bans of the dependencies (installs cargo-deny, some minutes)
	@scripts/install.sh deny
	@cargo deny --workspace check

install-tools: ## install what building and testing need, if missing
	@scripts/install.sh build test

clean: ## remove build results; the data folder stays
	@cargo clean
	@rm -rf crates/vanthu/ui/dist crates/vanthu/ui/node_modules e2e/node_modules e2e/out bench/out
