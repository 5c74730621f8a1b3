# Each target is thin; what it does lives in crates/xtask and tests.
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/corroborate
BUILT := $(or $(CARGO_TARGET_DIR),target)/debug
DENY := $(CACHE)/tools/cargo-deny-0.20.2
PEERS := $(CACHE)/tools/peers
SCREENS := $(shell find ui/src ui/index.html ui/*.config.* ui/package-lock.json -type f)

.PHONY: setup run test lint bench e2e unit bindings build

setup:
	@crates/xtask/setup.sh

ui/dist/index.html: $(SCREENS)
	npm run --prefix ui --silent build -- --logLevel warn && touch $@

# Always the whole workspace with its tests: another selection has other features and is built anew.
build: setup
	@$(MAKE) --no-print-directory ui/dist/index.html
	cargo build --workspace --all-targets

run: build
	@$(BUILT)/demo

test: lint build
	cargo test --workspace --no-fail-fast

unit: build
	cargo test --workspace --lib --bins --test '[!w]*'

e2e: build
	cargo test --workspace --test 'window_*'

lint: setup $(DENY)/bin/cargo-deny
	@$(MAKE) --no-print-directory ui/dist/index.html
	cargo fmt --all --check && cargo clippy --workspace --all-targets -- -D warnings
	$(DENY)/bin/cargo-deny --log-level error check licenses bans sources
	cd ui && npm run --silent lint && npm run --silent check

$(DENY)/bin/cargo-deny:
	cargo install --quiet --locked --root $(DENY) cargo-deny@0.20.2

bench: build $(PEERS)/bin/python
	@$(BUILT)/personae render --seed 1000 --count 20 --views 2 --out $(CACHE)/bench-people
	@$(PEERS)/bin/python tests/peers/agree.py $(BUILT)/faces models models/photos/*.png $(CACHE)/bench-people/*/*.png
	@$(BUILT)/collage
	@$(BUILT)/mated

$(PEERS)/bin/python: tests/peers/requirements.txt
	python3 -m venv $(PEERS) && $(PEERS)/bin/pip install --quiet --requirement $< && touch $@

bindings:
	CORROBORATE_WRITE_BINDINGS=1 cargo test --workspace --bin corroborate up_to_date
