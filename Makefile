# make run    sets everything up, builds, and opens Voordeur on samples: no network, nothing is asked of any service
# make live   the same on the real services
# make test   every test
# make build  what `make run` starts
# make fuzz   every fuzz target for FUZZ_SECONDS (60); `make test` runs them for a few seconds in all
# make kills  kills the server a thousand times while guests edit, and looks whether anything is lost; `make test` does so twenty times
# make bench  one table against the budgets, in docs/PERFORMANCE.md
# make morning  the morning of a country: MINUTES (60) and VISITS on a store of a million boards, with the table in docs/MORNING.md
# make limit  how many visits a second this machine bears
# make pictures  takes the pictures of docs/pictures/ again; make icons  draws the icons of the installed application
# make faults  finds out again what each fault of a service does, and stores it in docs/FAULTS.md
# make views  stores the views of all samples, the tiers, the table of widgets and the reference again, after a change that is wanted

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.PHONY: run live build test check unit browser faults views pictures icons chromium FORCE

# The command must have the very version of the library.
WASM_BINDGEN_VERSION := $(shell sed -n 's/^wasm-bindgen = "=\(.*\)"$$/\1/p' Cargo.toml)
WASM_BINDGEN := target/tools/wasm-bindgen-$(WASM_BINDGEN_VERSION)/bin/wasm-bindgen
NODE_TOOLS := end2end/node_modules/.package-lock.json
NODE_BIN := end2end/node_modules/.bin
WASM := target/wasm32-unknown-unknown/wasm-release/voordeur.wasm
ARRANGING := target/wasm32-unknown-unknown/wasm-release/voordeur_arranging.wasm
SITE := target/site
STYLES := $(wildcard style/*.css)
PUBLIC := $(patsubst public/%,$(SITE)/%,$(wildcard public/*))

needs = command -v $(1) >/dev/null || { echo "$(1) is missing: $(2)" >&2; exit 1; }
compress = node -e 'const zlib = require("node:zlib"), fs = require("node:fs"); for (const file of process.argv.slice(1)) { const bytes = fs.readFileSync(file); fs.writeFileSync(file + ".br", zlib.brotliCompressSync(bytes)); fs.writeFileSync(file + ".gz", zlib.gzipSync(bytes, { level: 9 })); }'

run: build
	target/release/voordeur --sources samples

live: build
	target/release/voordeur --sources live

# The server's part and the browser's part are built side by side: each has stretches that use one core.
build:
	@$(MAKE) --no-print-directory --jobs=2 everything

.PHONY: everything
everything: target/release/voordeur $(SITE)/pkg/voordeur_bg.wasm $(SITE)/pkg/arranging_bg.wasm $(SITE)/pkg/voordeur.css $(PUBLIC)

.PHONY: tools
tools:
	@$(call needs,cargo,install Rust with rustup: https://rustup.rs)
	@$(call needs,rustup,install Rust with rustup: https://rustup.rs)
	@$(call needs,node,install Node.js 20 or newer: https://nodejs.org)
	@$(call needs,npm,install it with Node.js: https://nodejs.org)
	@$(call needs,cc,install a C compiler (Debian: apt-get install build-essential))
	@rustup target list --installed | grep -qx wasm32-unknown-unknown || rustup target add wasm32-unknown-unknown

target/release/voordeur: FORCE | tools
	cargo build --locked --release --bin voordeur --features ssr

$(WASM): FORCE | tools
	cargo build --locked --profile wasm-release --lib --target wasm32-unknown-unknown --features hydrate

# After the other module: both would wait for the same lock of cargo.
$(ARRANGING): FORCE | tools $(WASM)
	cargo build --locked --profile wasm-release -p voordeur-arranging --lib --target wasm32-unknown-unknown

$(WASM_BINDGEN): | tools
	cargo install --locked --debug wasm-bindgen-cli --version $(WASM_BINDGEN_VERSION) --root $(@D)/..

$(NODE_TOOLS): end2end/package.json end2end/package-lock.json | tools
	cd end2end && npm ci --no-audit --no-fund
	touch $@

# The browser's two modules: NAME.js and NAME_bg.wasm of a compiled library, each as small as it goes.
define module
	mkdir -p $(SITE)/pkg
	$(WASM_BINDGEN) --target web --no-typescript --out-name $(1) --out-dir target/wasm-bindgen $(2)
	$(NODE_BIN)/wasm-opt -Oz --converge --enable-bulk-memory --enable-nontrapping-float-to-int target/wasm-bindgen/$(1)_bg.wasm -o $(SITE)/pkg/$(1)_bg.wasm
	$(NODE_BIN)/esbuild --log-level=warning --minify --format=esm --target=es2022 target/wasm-bindgen/$(1).js --outfile=$(SITE)/pkg/$(1).js
	@$(compress) $(SITE)/pkg/$(1)_bg.wasm $(SITE)/pkg/$(1).js
endef

$(SITE)/pkg/voordeur_bg.wasm: $(WASM) $(WASM_BINDGEN) $(NODE_TOOLS)
	$(call module,voordeur,$(WASM))

$(SITE)/pkg/arranging_bg.wasm: $(ARRANGING) $(WASM_BINDGEN) $(NODE_TOOLS) crates/arranging/start.js
	$(call module,arranging,$(ARRANGING))
	cp crates/arranging/start.js $(SITE)/pkg/arranging-start.js
	@$(compress) $(SITE)/pkg/arranging-start.js

$(SITE)/pkg/voordeur.css: $(STYLES) $(NODE_TOOLS)
	mkdir -p $(@D)
	$(NODE_BIN)/lightningcss --bundle --minify --targets '>= 0.5%' style/main.css -o $@
	@$(compress) $@

$(SITE)/%: public/%
	mkdir -p $(@D)
	cp $< $@
	@$(compress) $@

# The tests of the server start it with the files that `build` makes.
test: check build unit browser

check: walls | tools
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets --features ssr -- -D warnings
	cargo clippy --locked --lib --target wasm32-unknown-unknown --features hydrate -- -D warnings
	cargo clippy --locked -p voordeur-arranging --target wasm32-unknown-unknown -- -D warnings

# The rules of docs/ARCHITECTURE.md on who may depend on whom, over normal dependencies: tests and tools (bench, testkit) are free.
# $(call wall,COMMAND,FORBIDDEN,ALLOWED,MESSAGE) fails with the message when a line matches the second pattern and not the third.
tree := cargo tree --locked --edges normal --prefix none
define wall
	@lines=$$($(1)); \
	if found=$$(grep -E '$(2)' <<<"$$lines" | grep -vE '$(3)'); then \
		printf 'walls: %s:\n%s\n' '$(4)' "$$(sort -u <<<"$$found")" >&2; exit 1; \
	fi
endef

.PHONY: walls
walls: | tools
	@node .ci/module-cycles.mjs
	$(call wall,$(tree) --workspace --features ssr --depth 1 --invert reqwest,.,^(reqwest|voordeur-(upstream|bench|testkit)) ,only crates/upstream may depend on reqwest since it alone talks to services)
	$(call wall,$(tree) --workspace --features ssr --depth 1 --invert sqlx,.,^(sqlx|voordeur-(store|bench|testkit)) ,only crates/store may depend on sqlx since it alone talks to the database)
	$(call wall,$(tree) -p voordeur-engine -p voordeur-formats -p voordeur-widget-api -p voordeur-gazetteer,^(tokio|reqwest|hyper|mio|socket2|sqlx) ,^$$,the crates in widgets/ must not depend on anything that does I/O)
	$(call wall,$(tree) -p voordeur-upstream,^voordeur(-store)? ,^$$,crates/upstream must depend neither on crates/store nor on the application)
	$(call wall,$(tree) -p voordeur-store,^voordeur(-upstream)? ,^$$,crates/store must depend neither on crates/upstream nor on the application)
	$(call wall,$(tree) -p voordeur --target wasm32-unknown-unknown --features hydrate,^voordeur-,^voordeur-shared ,the WASM module must hold no crate of the workspace but crates/shared: no widget above all)

unit: | tools
	cargo test --locked --workspace --features ssr

faults: | tools
	VOORDEUR_STORE=1 cargo test --locked --features ssr --test fault_injection

views: | tools
	cargo run --locked --release --bin voordeur --features ssr -- widget check --store
	VOORDEUR_STORE=1 cargo test --locked -p voordeur-engine --test table --test reference

pictures: build chromium $(NODE_TOOLS)
	cd end2end && node pictures.js

icons: chromium $(NODE_TOOLS)
	cd end2end && node icons.js

# The fuzzer only needs a flag of the compiler that is not stable yet; RUSTC_BOOTSTRAP lets the pinned one take it.
FUZZ_SECONDS := 60
FUZZ_TARGETS := $(patsubst crates/fuzz/fuzz_targets/%.rs,%,$(wildcard crates/fuzz/fuzz_targets/*.rs))
CARGO_FUZZ_VERSION := 0.13.2
CARGO_FUZZ := target/tools/cargo-fuzz-$(CARGO_FUZZ_VERSION)/bin/cargo-fuzz

$(CARGO_FUZZ): | tools
	cargo install --locked --debug cargo-fuzz --version $(CARGO_FUZZ_VERSION) --root $(@D)/..

# The server is killed KILLS times while guests edit, on SERVERS folders side by side; `make test` does it twenty times.
KILLS := 1000
SERVERS := 2
.PHONY: kills
kills: | tools
	KILLS=$(KILLS) SERVERS=$(SERVERS) cargo test --locked --features ssr --test durability crashes -- --nocapture

.PHONY: fuzz
fuzz: $(CARGO_FUZZ) | tools
	for target in $(FUZZ_TARGETS); do \
		mkdir -p crates/fuzz/corpus/$$target; \
		RUSTC_BOOTSTRAP=1 $(CARGO_FUZZ) run --fuzz-dir crates/fuzz --sanitizer none $$target crates/fuzz/corpus/$$target crates/fuzz/seeds/$$target -- \
			-max_total_time=$(FUZZ_SECONDS) -timeout=10 -max_len=16384; \
	done

MINUTES := 60
VISITS := 160000
BENCH := target/release/voordeur-bench

.PHONY: bench morning limit bench-build
bench-build: build
	cargo build --locked --release -p voordeur -p voordeur-bench --features voordeur/ssr

bench: bench-build
	$(BENCH) budgets --report docs/PERFORMANCE.md

morning: bench-build
	$(BENCH) morning --minutes $(MINUTES) --visits $(VISITS) --report docs/MORNING.md

limit: bench-build
	$(BENCH) limit

chromium:
	@if [ -z "$${CHROMIUM:-}" ] && ! command -v chromium chromium-browser google-chrome >/dev/null; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium; \
		else \
			echo "chromium is missing: install it (Debian: apt-get install chromium), or say where it is with CHROMIUM=/path" >&2; exit 1; \
		fi; \
	fi

browser: build chromium $(NODE_TOOLS)
	cargo build --locked -p voordeur-testkit
	cd end2end && npm test
