# Each target is thin; what it does lives in crates/xtask and tests.
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/corroborate
BUILT := $(or $(CARGO_TARGET_DIR),target)/debug
DENY := $(CACHE)/tools/cargo-deny-0.20.2
MUTANTS := $(CACHE)/tools/cargo-mutants-27.1.0
PEERS := $(CACHE)/tools/peers
# lir drags in thirty packages: what compares with the others goes without them.
LIR := $(CACHE)/tools/lir
C2PA := $(CACHE)/tools/c2pa
# Validators of OSCAL and of CASE.
OSCAL := $(CACHE)/tools/oscal
# Labelled crops (one folder a person) for the measurements that need real photographs.
FACES ?= $(wildcard ../shared/faces)
SCREENS := $(shell find ui/src ui/verifier/src ui/verifier/*.* ui/index.html ui/*.config.* ui/package-lock.json assets/text assets/lead-statement.txt -type f -not -name '*.test.ts')

.PHONY: credentials setup setup-run run test lint bench bench-people bench-speed bench-scan e2e unit bindings build rules-tested windows-tested fuzz fuzz-nist faults gallery-trials adversary histories mutants compliance tamper notices pins release advisories

setup:
	@crates/xtask/setup.sh test

# What `make run` needs and no more.
setup-run:
	@crates/xtask/setup.sh run

ui/dist/index.html: $(SCREENS)
	npm run --prefix ui --silent build && touch $@

# The whole workspace with its tests. Its libraries are those of `make run`: both select every package, so that features agree.
build: setup
	@$(MAKE) --no-print-directory ui/dist/index.html
	cargo build --locked --workspace --all-targets

# Reads content credentials of probes; a workspace of its own (its Cargo.toml says why), which packages carry beside the
# workstation. What needs it says so where it is not built. Its verdicts are held against the reference library's on its fixtures.
credentials: $(C2PA)/bin/python
	cd crates/credentials && cargo test --locked
	$(C2PA)/bin/python tests/peers/c2pa_agrees.py $(or $(CARGO_TARGET_DIR),crates/credentials/target)/debug/credentials

run: setup-run
	@$(MAKE) --no-print-directory ui/dist/index.html
	@cargo xtask build --workspace --bin corroborate --bin gallery --bin personae --bin demo
	@$(BUILT)/demo

# What drives windows mostly waits; what computes runs beside it. Each part prints when it is done.
test: lint build
	@$(MAKE) --no-print-directory --jobs=2 --keep-going --output-sync=target windows-tested rules-tested

unit: build rules-tested

e2e: build windows-tested

rules-tested:
	npm run --prefix ui --silent test
	cargo test --locked --workspace --no-fail-fast --lib --bins --test '[!w]*'

windows-tested:
	cargo test --locked --workspace --no-fail-fast --test windows

lint: setup $(DENY)/bin/cargo-deny
	@$(MAKE) --no-print-directory ui/dist/index.html
	cargo fmt --all --check && cargo clippy --locked --workspace --all-targets -- -D warnings
	$(DENY)/bin/cargo-deny --log-level error --locked check licenses bans sources
	cargo xtask notices --check
	cd ui && npm run --silent lint && npm run --silent check

$(DENY)/bin/cargo-deny:
	cargo install --quiet --locked --root $(DENY) cargo-deny@0.20.2

# Rendered people to measure with.
bench-people: build
	@$(BUILT)/personae render --seed 1000 --count 40 --views 3 --out $(CACHE)/bench-people

# From file to template and each network alone, as released, against OpenCV, ONNX Runtime and tract.
bench-speed: bench-people $(PEERS)/bin/python
	@cargo build --locked --quiet --release --package faces
	@cargo bench --locked --quiet --package faces --bench speed -- $(CACHE)/bench-photos | \
		$(PEERS)/bin/python tests/peers/speed.py $(BUILT:debug=release)/faces models $(CACHE)/bench-people/*/*.png

bench: bench-speed $(LIR)/bin/python
	@$(PEERS)/bin/python tests/peers/agree.py $(BUILT)/faces models models/photos/*.png $(CACHE)/bench-people/*/*.png
	@$(PEERS)/bin/python tests/peers/agree.py $(BUILT)/faces models $(CACHE)/bench-photos/*.jpg
	@$(BUILT)/bench_collage
	@$(BUILT)/faces evaluate --folders $(CACHE)/bench-people --groups $(CACHE)/bench-people/people.csv --threads 2
	@$(LIR)/bin/python tests/peers/lir_agrees.py $(BUILT)/faces $(CACHE)/bench-people
	@if [ -n "$(FACES)" ]; then $(BUILT)/faces evaluate --folders $(FACES) --aligned --threads 2; fi
	@$(BUILT)/bench_desk
	@$(BUILT)/bench_discard $(FACES)
	@$(BUILT)/bench_better $(FACES)
	@$(BUILT)/bench_mated
	@$(BUILT)/bench_frames
	@cargo test --locked --quiet --workspace --test integration -- --nocapture no_byte_of_the_folder_shows_a_template
	@$(MAKE) --no-print-directory bench-scan PEOPLE=200000 HNSW=1
	@$(MAKE) --no-print-directory bench-scan PEOPLE=1000000

# The gallery's index against FAISS and numpy with the same vectors. HNSW of a million takes long to build.
PEOPLE ?= 1000000
bench-scan: build $(PEERS)/bin/python
	@$(BUILT)/gallery bench --people $(PEOPLE) --dim 128 --save $(CACHE)/bench-scan
	@$(PEERS)/bin/python tests/peers/scan.py $(CACHE)/bench-scan $(if $(HNSW),--hnsw)
	@rm -r $(CACHE)/bench-scan

$(PEERS)/bin/python $(LIR)/bin/python $(OSCAL)/bin/python $(C2PA)/bin/python: $(CACHE)/tools/%/bin/python: tests/pinned/%.txt
	python3 -m venv $(CACHE)/tools/$* && $(CACHE)/tools/$*/bin/pip install --quiet --require-hashes --only-binary=:all: --requirement $< && touch $@

# What the programs are made of, after a change of Cargo.lock or ui/package-lock.json.
notices: setup
	cargo xtask notices

# The versions of the tools in Python, with the hash of every file; after a change of an .in file there.
pins:
	python3 -m venv $(CACHE)/tools/pip-tools && $(CACHE)/tools/pip-tools/bin/pip install --quiet pip-tools==7.5.2
	cd tests/pinned && for name in postgres schemathesis peers lir oscal c2pa; do $(CACHE)/tools/pip-tools/bin/pip-compile --quiet --generate-hashes \
		--allow-unsafe --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --output-file $$name.txt $$name.in || exit 1; done

# Needs the open internet for the database.
advisories: $(DENY)/bin/cargo-deny
	$(DENY)/bin/cargo-deny --locked check advisories

# What is said of each requirement, by the validator of OSCAL; window_desk has the other one check the graph of a case.
compliance: build $(OSCAL)/bin/python
	cargo xtask compliance --check
	rm -rf $(CACHE)/trestle && mkdir -p $(CACHE)/trestle && cd $(CACHE)/trestle && $(OSCAL)/bin/trestle init --local && \
		$(OSCAL)/bin/trestle import -f $(CURDIR)/docs/compliance/component-definition.json -o corroborate
	cd $(CACHE)/trestle && $(OSCAL)/bin/trestle validate -f component-definitions/corroborate/component-definition.json

# What a department gets: without remote control and developer tools, stripped.
release: setup
	@$(MAKE) --no-print-directory ui/dist/index.html
	cargo build --locked --release --package corroborate --package gallery --package relay
	cd crates/credentials && cargo build --locked --release

# 500 power cuts while notes are sealed, sent and received, and 500 over purge, backup and the log's growth.
faults: build
	@$(BUILT)/kills 500
	@$(BUILT)/kills_kept 500

# Ten thousand tamperings with the ledger, and how many were found: `make tamper SEED=2` draws others.
tamper: build
	@$(BUILT)/tamper 10000 $(or $(SEED),1)

# Every attack on a promise, one line each: `make adversary ATTACK='3 white'` plays some. Of random calls, and of who asks for
# everything in which state of a case, `make test` makes a part; `calls` alone plays them again from a seed.
CALLS ?= 100000
adversary: build
	@CORROBORATE_CALLS=$(CALLS) CORROBORATE_SWEEP=all $(BUILT)/adversary $(ATTACK)

# Hundred thousand random histories of two cases against a second keeping of the rules; `make test` plays a fifth, each day another.
histories:
	CORROBORATE_CASES=100000 cargo test --locked --workspace --test integration -- --nocapture history_oracle

# Every rule of casework broken once (.cargo/mutants.toml): a test must notice. Hours; `make mutants ONLY=sight` breaks one
# file's, and CASES has the oracles check more.
# What is broken is a clone of HEAD: its workers copy the tree while they run, and an edit in between would leave mutants
# that do not compile and count for nothing.
mutants: $(MUTANTS)/bin/cargo-mutants
	rm -rf $(CACHE)/mutants-tree && git clone --quiet . $(CACHE)/mutants-tree
	env -u CARGO_TARGET_DIR CORROBORATE_CASES=$(or $(CASES),100) PROPTEST_RNG_SEED=1 PROPTEST_MAX_SHRINK_ITERS=0 $< mutants \
		--dir $(CACHE)/mutants-tree --jobs 2 --timeout 90 --output $(CACHE) --cargo-arg=--locked --re 'src/$(ONLY)'

$(MUTANTS)/bin/cargo-mutants:
	cargo install --quiet --locked --root $(MUTANTS) cargo-mutants@27.1.0

# The gallery: power cuts, breaks, expungement under load, and a primary that dies.
gallery-trials: build
	@$(BUILT)/gallery_trials kills 100 && $(BUILT)/gallery_trials resume 400 && $(BUILT)/gallery_trials stress 1000 && \
		$(BUILT)/gallery_trials stress-postgres 1000 && $(BUILT)/gallery_trials failover 2000 && \
		$(BUILT)/gallery_trials contract 50 && $(BUILT)/gallery_trials bulk 400 && $(BUILT)/gallery_trials load 1000000

bindings:
	CORROBORATE_WRITE_BINDINGS=1 cargo test --locked --workspace --bin corroborate up_to_date

# Half an hour each; needs what `cargo fuzz` needs of the compiler, which the stable one has behind this switch.
fuzz: $(CACHE)/tools/cargo-fuzz-0.13.2/bin/cargo-fuzz
	cd crates/faces && for target in decode detect; do mkdir -p fuzz/corpus/$$target && \
		CORROBORATE_MODELS=$(CURDIR)/models RUSTC_BOOTSTRAP=1 $< run --target x86_64-unknown-linux-gnu $$target \
		fuzz/corpus/$$target tests/files -- -max_total_time=1800 -timeout=30 -rss_limit_mb=3000 || exit 1; done

fuzz-nist: $(CACHE)/tools/cargo-fuzz-0.13.2/bin/cargo-fuzz
	cd crates/nist && mkdir -p fuzz/corpus/parse && RUSTC_BOOTSTRAP=1 $< run --target x86_64-unknown-linux-gnu parse \
		fuzz/corpus/parse -- -max_total_time=$(or $(SECONDS),1800) -timeout=10 -rss_limit_mb=2000

$(CACHE)/tools/cargo-fuzz-0.13.2/bin/cargo-fuzz:
	cargo install --quiet --locked --root $(CACHE)/tools/cargo-fuzz-0.13.2 cargo-fuzz@0.13.2
