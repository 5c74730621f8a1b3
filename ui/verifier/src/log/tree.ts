// The Merkle tree of a log (RFC 6962): hashes, and proofs as RFC 9162 verifies them.
import { sha256 as digest } from "@noble/hashes/sha2.js";
import type { Signed } from "./checkpoint";
import { MOST_HASHES, must, same } from "./forms";

const EMPTY = digest(new Uint8Array());

/** The hash of an entry. */
export function leafHash(entry: Uint8Array): Uint8Array {
  const all = new Uint8Array(entry.length + 1);
  all.set(entry, 1);
  return digest(all);
}

/** The hash of two trees beside each other. */
export function node(left: Uint8Array, right: Uint8Array): Uint8Array {
  const all = new Uint8Array(65);
  all[0] = 1;
  all.set(left, 1);
  all.set(right, 33);
  return digest(all);
}

const half = (n: number): number => Math.floor(n / 2);

/** A tree of which every leaf is known. */
export class Tree {
  /** Of each level, from the leaves on, the trees that are full. */
  private readonly levels: Uint8Array[][] = [[]];

  constructor(leaves: Iterable<Uint8Array> = []) {
    for (const leaf of leaves) this.push(leaf);
  }

  push(leaf: Uint8Array): void {
    this.levels[0]?.push(leaf);
    for (let at = 0; (this.levels[at]?.length ?? 1) % 2 === 0; at++) {
      const [left, right] = this.levels[at]?.slice(-2) ?? [];
      if (!left || !right) return;
      (this.levels[at + 1] ??= []).push(node(left, right));
    }
  }

  get size(): number {
    return this.levels[0]?.length ?? 0;
  }

  /** The full trees of 2^`level` leaves. */
  full(level: number): Uint8Array[] {
    return this.levels[level] ?? [];
  }

  /** The root of its first `size` leaves. */
  root(size = this.size): Uint8Array {
    must(size <= this.size, "rolled-back");
    let root: Uint8Array | undefined;
    for (let level = 0, rest = size; rest > 0; level++, rest = half(rest)) {
      if (rest % 2 === 0) continue;
      const tree = this.levels[level]?.[rest - 1];
      must(tree !== undefined, "malformed");
      root = root ? node(tree, root) : tree;
    }
    return root ?? EMPTY;
  }

  /** Whether it begins with what was signed. */
  beginsWith(signed: Signed): void {
    must(signed.size <= this.size, "rolled-back");
    must(same(this.root(signed.size), signed.root), signed.size === this.size ? "fork" : "inconsistent");
  }
}

/** Holds a leaf and the hashes beside its way up to the root that was signed (RFC 9162, 2.1.3.2). */
export function included(leaf: Uint8Array, index: number, hashes: Uint8Array[], signed: Signed): void {
  must(index < signed.size, "not-included");
  let [at, last, root] = [index, signed.size - 1, leaf];
  for (const hash of hashes) {
    must(last > 0, "not-included");
    if (at % 2 === 1 || at === last) {
      root = node(hash, root);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      root = node(root, hash);
    }
    [at, last] = [half(at), half(last)];
  }
  must(last === 0 && same(root, signed.root), "not-included");
}

/** Whether the later tree begins with the earlier one (RFC 9162, 2.1.4.2). */
export function consistent(older: Signed, newer: Signed, hashes: Uint8Array[]): void {
  must(older.log.name === newer.log.name && older.log.key.hex === newer.log.key.hex, "other-log");
  must(older.size <= newer.size, "rolled-back");
  must(hashes.length <= MOST_HASHES, "inconsistent");
  if (older.size === newer.size) {
    must(same(older.root, newer.root), "fork");
    must(hashes.length === 0, "inconsistent");
    return;
  }
  if (older.size === 0) {
    must(hashes.length === 0 && same(older.root, EMPTY), "inconsistent");
    return;
  }
  let [at, last] = [older.size - 1, newer.size - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  // A full tree is the first hash itself.
  const [first, ...rest] = at === 0 ? [older.root, ...hashes] : hashes;
  must(first !== undefined, "inconsistent");
  let [before, after] = [first, first];
  for (const hash of rest) {
    must(last > 0, "inconsistent");
    if (at % 2 === 1 || at === last) {
      [before, after] = [node(hash, before), node(hash, after)];
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      after = node(after, hash);
    }
    [at, last] = [half(at), half(last)];
  }
  must(last === 0 && same(before, older.root) && same(after, newer.root), "inconsistent");
}
