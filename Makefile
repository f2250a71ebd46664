SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.PHONY: help run live build test check walls unit browser lanes faults views pictures icons chromium FORCE

# `make` alone builds what `make run` starts.
.DEFAULT_GOAL := build

BINDGEN := target/debug/voordeur-bindgen
NODE_TOOLS := end2end/node_modules/.package-lock.json
NODE_BIN := end2end/node_modules/.bin
WASM := target/wasm32-unknown-unknown/browser/voordeur.wasm
ARRANGING := target/wasm32-unknown-unknown/browser/voordeur_arranging.wasm
SITE := target/site
STYLES := $(wildcard style/*.css)
PUBLIC := $(patsubst public/%,$(SITE)/%,$(wildcard public/*))

needs = command -v $(1) >/dev/null || { echo "$(1) is missing: $(2)" >&2; exit 1; }
compress = node -e 'const zlib = require("node:zlib"), fs = require("node:fs"); for (const file of process.argv.slice(1)) { const bytes = fs.readFileSync(file); fs.writeFileSync(file + ".br", zlib.brotliCompressSync(bytes)); fs.writeFileSync(file + ".gz", zlib.gzipSync(bytes, { level: 9 })); }'

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

run: build ## samples, no network: http://127.0.0.1:3000
	target/debug/voordeur --sources samples

live: build ## the real services
	target/debug/voordeur --sources live

# Two jobs: what uses one core runs beside what uses all.
build: ## what `make run` starts
	@$(MAKE) --no-print-directory --jobs=2 everything

.PHONY: everything site-files
everything: target/debug/voordeur site-files
site-files: $(SITE)/pkg/voordeur_bg.wasm $(SITE)/pkg/start.js $(SITE)/pkg/wall.js $(SITE)/pkg/device.js $(SITE)/sw.js $(SITE)/pkg/arranging_bg.wasm $(SITE)/pkg/voordeur.css $(PUBLIC)

.PHONY: site
site: ## what browsers load, without the server
	@$(MAKE) --no-print-directory --jobs=2 site-files

.PHONY: tools
tools:
	@$(call needs,cargo,install Rust with rustup: https://rustup.rs)
	@$(call needs,rustup,install Rust with rustup: https://rustup.rs)
	@$(call needs,node,install Node.js 20 or newer: https://nodejs.org)
	@$(call needs,npm,install it with Node.js: https://nodejs.org)
	@$(call needs,cc,install a C compiler (Debian: apt-get install build-essential))
	@rustup target list --installed | grep -qx wasm32-unknown-unknown || rustup target add wasm32-unknown-unknown

# Both builds use one folder, and so one lock: the small one first, which the site needs.
target/debug/voordeur: FORCE | tools $(BINDGEN)
	cargo build --locked --bin voordeur --features ssr

.PHONY: release
release: site ## the optimised server, for others to use: target/release/voordeur
	cargo build --locked --release --bin voordeur --features ssr,jemalloc

# Both modules in one build, so that what they share is compiled once. The profile has a folder and a
# lock of its own, so this build runs beside the server's, whose last crate uses one core for minutes.
$(WASM) $(ARRANGING) &: FORCE | tools
	cargo build --locked --profile browser --lib -p voordeur -p voordeur-arranging --features voordeur/browser --target wasm32-unknown-unknown

$(BINDGEN): FORCE | tools
	cargo build --locked -p voordeur-bindgen

$(NODE_TOOLS): end2end/package.json end2end/package-lock.json | tools
	cd end2end && npm ci --no-audit --no-fund
	touch $@

# The browser's two modules: NAME.js and NAME_bg.wasm of a compiled library, each as small as it goes.
define module
	mkdir -p $(SITE)/pkg
	$(BINDGEN) $(2) $(1) target/wasm-bindgen
	$(NODE_BIN)/wasm-opt -Oz --converge --enable-bulk-memory --enable-nontrapping-float-to-int target/wasm-bindgen/$(1)_bg.wasm -o $(SITE)/pkg/$(1)_bg.wasm
	$(NODE_BIN)/esbuild --log-level=warning --minify --format=esm --target=es2022 target/wasm-bindgen/$(1).js --outfile=$(SITE)/pkg/$(1).js
	@$(compress) $(SITE)/pkg/$(1)_bg.wasm $(SITE)/pkg/$(1).js
endef

$(SITE)/pkg/voordeur_bg.wasm: $(WASM) $(BINDGEN) $(NODE_TOOLS)
	$(call module,voordeur,$(WASM))

$(SITE)/pkg/arranging_bg.wasm: $(ARRANGING) $(BINDGEN) $(NODE_TOOLS) crates/arranging/start.js
	$(call module,arranging,$(ARRANGING))
	cp crates/arranging/start.js $(SITE)/pkg/arranging-start.js
	@$(compress) $(SITE)/pkg/arranging-start.js

$(SITE)/pkg/start.js $(SITE)/pkg/wall.js $(SITE)/pkg/device.js: $(SITE)/pkg/%.js: src/islands/%.js $(NODE_TOOLS)
	mkdir -p $(@D)
	$(NODE_BIN)/esbuild --log-level=warning --minify --format=esm --target=es2022 $< --outfile=$@
	@$(compress) $@

# Its address is that of what it controls.
$(SITE)/sw.js: src/islands/sw.js $(NODE_TOOLS)
	mkdir -p $(@D)
	$(NODE_BIN)/esbuild --log-level=warning --minify --format=esm --target=es2022 $< --outfile=$@
	@$(compress) $@

$(SITE)/pkg/voordeur.css: $(STYLES) $(NODE_TOOLS)
	mkdir -p $(@D)
	$(NODE_BIN)/lightningcss --bundle --minify --targets '>= 0.5%' style/main.css -o $@
	@$(compress) $@

$(SITE)/%: public/%
	mkdir -p $(@D)
	cp $< $@
	@$(compress) $@

# Tests run the server as it is compiled for tests, so that it is compiled once.
test: check site unit browser ## every test

check: walls | tools ## format, clippy, and the walls; no test
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets --features ssr -- -D warnings
	cargo clippy --locked --lib --target wasm32-unknown-unknown --features browser -- -D warnings
	cargo clippy --locked -p voordeur-arranging --target wasm32-unknown-unknown -- -D warnings
	@if cargo deny --version >/dev/null 2>&1; then cargo deny --offline check bans licenses sources; else echo "cargo-deny is not installed: bans, licences and sources are not checked"; fi

# The rules of docs/ARCHITECTURE.md on who may depend on whom, over normal dependencies.
# $(call wall,COMMAND,FORBIDDEN,ALLOWED,MESSAGE) fails with the message when a line matches the second pattern and not the third.
tree := cargo tree --locked --edges normal --prefix none
define wall
	@lines=$$($(1)); \
	if found=$$(grep -E '$(2)' <<<"$$lines" | grep -vE '$(3)'); then \
		printf 'walls: %s:\n%s\n' '$(4)' "$$(sort -u <<<"$$found")" >&2; exit 1; \
	fi
endef

.PHONY: walls
walls: | tools ## which crate may depend on which, and cycles between modules
	@node .ci/module-cycles.mjs
	$(call wall,$(tree) --workspace --features ssr --depth 1 --invert reqwest,.,^(reqwest|voordeur-upstream) ,only crates/upstream may depend on reqwest since it alone talks to services)
	$(call wall,$(tree) --workspace --features ssr --depth 1 --invert sqlx,.,^(sqlx|voordeur-store) ,only crates/store may depend on sqlx since it alone talks to the database)
	$(call wall,$(tree) -p voordeur-engine -p voordeur-formats -p voordeur-widget-api -p voordeur-gazetteer,^(tokio|reqwest|hyper|mio|socket2|sqlx) ,^$$,the crates in widgets/ must not depend on anything that does I/O)
	$(call wall,$(tree) -p voordeur-upstream,^voordeur(-store)? ,^$$,crates/upstream must depend neither on crates/store nor on the application)
	$(call wall,$(tree) -p voordeur-store,^voordeur(-upstream)? ,^$$,crates/store must depend neither on crates/upstream nor on the application)
	$(call wall,$(tree) -p voordeur --target wasm32-unknown-unknown --features browser,^voordeur-,^voordeur-shared ,the WASM module must hold no crate of the workspace but crates/shared: no widget above all)
	$(call wall,$(tree) -p voordeur -p voordeur-arranging --target wasm32-unknown-unknown --features voordeur/browser,^(leptos|serde) ,^$$,the WASM modules must depend neither on Leptos nor on serde since the server draws what they show)

unit: | tools ## the tests in Rust
	cargo test --locked --workspace --features ssr

faults: | tools ## find out again what each fault of a service does, into docs/FAULTS.md
	VOORDEUR_STORE=1 cargo test --locked --features ssr --test fault_injection

views: | tools ## store views, tiers, the catalogue and the reference again, after a wanted change
	cargo run --locked --bin voordeur --features ssr -- widget check --store
	VOORDEUR_STORE=1 cargo test --locked -p voordeur-engine --test table --test reference --test garbage

pictures: build chromium $(NODE_TOOLS) ## take the pictures of docs/pictures/ again
	cd end2end && node pictures.js

icons: chromium $(NODE_TOOLS) ## draw the icons of the installed application
	cd end2end && node icons.js

# The fuzzer only needs a flag of the compiler that is not stable yet; RUSTC_BOOTSTRAP lets the pinned one take it.
FUZZ_SECONDS := 60
FUZZ_MAX_BYTES := 4194304
FUZZ_TARGETS := $(patsubst crates/fuzz/fuzz_targets/%.rs,%,$(wildcard crates/fuzz/fuzz_targets/*.rs))
CARGO_FUZZ_VERSION := 0.13.2
CARGO_FUZZ := target/tools/cargo-fuzz-$(CARGO_FUZZ_VERSION)/bin/cargo-fuzz

$(CARGO_FUZZ): | tools
	cargo install --locked --debug cargo-fuzz --version $(CARGO_FUZZ_VERSION) --root $(@D)/..

KILLS := 1000
SERVERS := 2
.PHONY: crash-test
crash-test: | tools ## kill the server KILLS (1000) times while guests edit, and look for lost edits; `make test` does it 20 times
	KILLS=$(KILLS) SERVERS=$(SERVERS) cargo test --locked --features ssr --test durability crashes -- --nocapture

.PHONY: fuzz
fuzz: $(CARGO_FUZZ) | tools ## every fuzz target for FUZZ_SECONDS (60); `make test` runs them for some seconds in all
	for target in $(FUZZ_TARGETS); do \
		mkdir -p crates/fuzz/corpus/$$target; \
		RUSTC_BOOTSTRAP=1 $(CARGO_FUZZ) run --fuzz-dir crates/fuzz --sanitizer none $$target crates/fuzz/corpus/$$target crates/fuzz/seeds/$$target -- \
			-max_total_time=$(FUZZ_SECONDS) -timeout=60 -max_len=$(FUZZ_MAX_BYTES); \
	done

SUITES :=
SUITE_TOOLS := target/suites
.PHONY: suites
suites: | tools ## what other projects' test suites, in the folder SUITES, expect of our readers (docs/TRUTH.md)
	@test -n "$(SUITES)" || { echo "give the folder of the suites: make suites SUITES=DIR" >&2; exit 1; }
	python3 -m venv $(SUITE_TOOLS)
	$(SUITE_TOOLS)/bin/pip install --quiet --requirement tests/suites/requirements.txt
	cargo build --locked --release -p voordeur-formats --example answers
	for suite in tests/suites/suite_*.py; do \
		ANSWERS=target/release/examples/answers $(SUITE_TOOLS)/bin/python $$suite "$(SUITES)" || exit 1; \
	done

MINUTES := 60
VISITS := 160000
# Hostile answers of services, in thousandths.
HOSTILE := 10
BENCH := target/release/voordeur-bench

.PHONY: bench evaluations soak saturation attacks bench-build
bench-build: site
	cargo build --locked --release -p voordeur -p voordeur-bench --features voordeur/ssr,voordeur/jemalloc

bench: bench-build ## measure against the budgets, into docs/PERFORMANCE.md
	$(BENCH) budgets --report docs/PERFORMANCE.md

evaluations: | tools ## the time of one evaluation of each widget, and of the largest recorded responses
	cargo run --locked --release -p voordeur-engine --example evaluations

soak: bench-build ## the morning of a country: MINUTES (60) and VISITS on a million boards, into docs/SOAK.md
	$(BENCH) soak --minutes $(MINUTES) --visits $(VISITS) --hostile $(HOSTILE) --report docs/SOAK.md

attacks: bench-build ## how others are served while all hostile answers are evaluated
	$(BENCH) attacks

saturation: bench-build ## how many visits a second this machine serves in time
	$(BENCH) saturation

# The server as it is shipped: optimised throughout, one file, with what browsers load.
DIST := target/dist-archive
.PHONY: dist
dist: site ## an archive of the optimised server and its site, in target/
	cargo build --locked --profile dist --bin voordeur --features ssr,jemalloc
	rm -rf $(DIST) && mkdir -p $(DIST)/voordeur
	cp target/dist/voordeur LICENSE README.md docs/OPERATING.md $(DIST)/voordeur/
	cp -r $(SITE) $(DIST)/voordeur/site
	tar -C $(DIST) -czf target/voordeur.tar.gz voordeur
	@ls -l target/dist/voordeur target/voordeur.tar.gz

chromium:
	@if [ -z "$${CHROMIUM:-}" ] && ! command -v chromium chromium-browser google-chrome >/dev/null; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium; \
		else \
			echo "chromium is missing: install it (Debian: apt-get install chromium), or say where it is with CHROMIUM=/path" >&2; exit 1; \
		fi; \
	fi

# The same selection as `unit`, so that nothing is compiled twice. VOORDEUR_BIN names another server.
lanes: site chromium $(NODE_TOOLS) ## the lanes of all starter boards and of 200 random ones; minutes
	cargo build --locked --features ssr --bin voordeur
	cd end2end && VOORDEUR_BIN=$${VOORDEUR_BIN:-$(CURDIR)/target/debug/voordeur} npm run lanes

# Debian has WebKit's driver, and none for its Firefox.
GECKODRIVER_VERSION := 0.37.1
GECKODRIVER := target/tools/geckodriver-$(GECKODRIVER_VERSION)/bin/geckodriver

$(GECKODRIVER): | tools
	cargo install --locked --debug geckodriver --version $(GECKODRIVER_VERSION) --root $(@D)/..

.PHONY: other-browsers
other-browsers: site $(GECKODRIVER) $(NODE_TOOLS) ## the board in Debian's Firefox and WebKit (firefox-esr, webkit2gtk-driver, xvfb)
	@$(call needs,firefox-esr,apt-get install firefox-esr)
	@$(call needs,WebKitWebDriver,apt-get install webkit2gtk-driver)
	@$(call needs,xvfb-run,apt-get install xvfb xauth)
	cargo build --locked --features ssr --bin voordeur
	cd end2end && GECKODRIVER=$(CURDIR)/$(GECKODRIVER) xvfb-run --auto-servernum node --test webdriver/

browser: site chromium $(NODE_TOOLS) ## the browser tests, with and without JavaScript
	cargo test --locked --workspace --features ssr --no-run
	cd end2end && VOORDEUR_BIN=$${VOORDEUR_BIN:-$(CURDIR)/target/debug/voordeur} npm test
