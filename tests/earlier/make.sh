#!/usr/bin/env bash
# A vault and a gallery as an earlier commit makes them, for tests/earlier.rs: `tests/earlier/make.sh 0c807a1`.
# Built once and kept in the repository: today's program must open what that one wrote.
set -euo pipefail
cd "$(dirname "$0")/../.."
commit=$1 here=$PWD/tests/earlier work=$(mktemp -d)
trap 'git worktree remove --force "$work/tree"; rm -rf "$work"' EXIT
git worktree add --quiet --detach "$work/tree" "$commit"
export CARGO_TARGET_DIR=${EARLIER_TARGET_DIR:-$work/target} OPENSSL_NO_VENDOR=1
cd "$work/tree"
mkdir -p crates/vault/examples
cp "$here/$commit.rs" crates/vault/examples/earlier.rs
# What decodes HEIC is built as quickly as it can be: the people below are PNG.
quick=(--config 'profile.dev.package.libheif-sys.opt-level=0')
for crate in core linalg data nnef hir onnx onnx-opl; do quick+=(--config "profile.dev.package.tract-$crate.opt-level=0"); done
cargo build --locked "${quick[@]}" --package vault --example earlier --package gallery --bin gallery --package personae --bin personae
built=$CARGO_TARGET_DIR/debug out=$work/out
mkdir -p "$out"
"$built/examples/earlier" "$out/vault"
for file in "$here"/../../models/*; do [ -e "models/${file##*/}" ] || ln -s "$file" models/; done
"$built/personae" render --views 1 --size 128 --seed 1000 --count 3 --out "$work/people"
{
	echo subject_id,path,captured_on,agency
	for seed in 1000 1001 1002; do echo "DEMO-$seed,$work/people/$seed/view-0.png,2024-03-0$((seed - 999)),CA0190000"; done
} >"$work/people.csv"
"$built/gallery" enrol --data "$out/gallery" "$work/people.csv"
"$built/gallery" token issue --data "$out/gallery" --scope search | tail -1 >"$out/gallery/token"
rm -f "$out"/vault/*.lock "$out"/gallery/enrol-report.csv
rm -rf "$here/$commit"
mv "$out" "$here/$commit"
du -sh "$here/$commit"/*
