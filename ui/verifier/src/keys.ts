// Ed25519, strictly: no key or first half of small order, no second encoding of a point, no second half beyond the group's order.
import { Point } from "@noble/ed25519";
import { sha256 as digest, sha512 } from "@noble/hashes/sha2.js";
import { Refused } from "./refused";

const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

const LOWER = /^(?:[0-9a-f]{2})*$/;

export function bytesOf(hex: string): Uint8Array | undefined {
  if (!LOWER.test(hex)) return undefined;
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) => parseInt(hex.slice(2 * at, 2 * at + 2), 16));
}

export const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");

const utf8 = new TextEncoder();

/** SHA-256 of a text's bytes, in hexadecimal. */
export const sha256 = (text: string): string => hexOf(digest(utf8.encode(text)));

function number(bytes: Uint8Array): bigint {
  let all = 0n;
  for (const byte of [...bytes].reverse()) all = all * 256n + BigInt(byte);
  return all;
}

/** A point in its one encoding, not of small order. */
function point(bytes: Uint8Array): Point | "malformed" | "weak" {
  try {
    const found = Point.fromBytes(bytes, false);
    if (hexOf(found.toBytes()) !== hexOf(bytes)) return "malformed";
    return found.isSmallOrder() ? "weak" : found;
  } catch {
    return "malformed";
  }
}

/** What was found of keys and signatures already: a chain and its statements name the same ones again and again. */
const keys = new Map<string, Key>();
const holding = new Set<string>();

export class Key {
  private constructor(
    readonly hex: string,
    private readonly point: Point,
  ) {}

  /** Reads 64 hexadecimal digits. */
  static read(text: string): Key {
    const known = keys.get(text);
    if (known) return known;
    const bytes = bytesOf(text);
    const found = bytes?.length === 32 ? point(bytes) : "malformed";
    const shown = text.slice(0, 80);
    if (found === "malformed") throw new Refused("key-malformed", "verifier-key-malformed", { key: shown });
    if (found === "weak") throw new Refused("key-weak", "verifier-key-weak", { key: shown });
    const key = new Key(text, found);
    keys.set(text, key);
    return key;
  }

  /** Whether `signature` (128 hexadecimal digits) is this key's of `text`, as one of `context`. */
  verify(context: string, text: string, signature: string): void {
    const bytes = bytesOf(signature);
    if (!bytes) throw new Refused("signature-malformed", "verifier-signature-wrong", { key: this.hex });
    this.signed(utf8.encode(`${context}\n${text}`), bytes);
  }

  /** Whether these 64 bytes are this key's signature of a message. */
  signed(message: Uint8Array, signature: Uint8Array): void {
    if (signature.length !== 64)
      throw new Refused("signature-malformed", "verifier-signature-wrong", { key: this.hex });
    const [half, s] = [signature.slice(0, 32), number(signature.slice(32))];
    if (s >= ORDER) throw new Refused("signature-malleable", "verifier-signature-wrong", { key: this.hex });
    const again = `${this.hex}${hexOf(signature)}${hexOf(digest(message))}`;
    if (holding.has(again)) return;
    const wrong = new Refused("signature-wrong", "verifier-signature-wrong", { key: this.hex });
    const r = point(half);
    if (typeof r === "string") throw wrong;
    const all = new Uint8Array(64 + message.length);
    all.set(half);
    all.set(bytesOf(this.hex) ?? [], 32);
    all.set(message, 64);
    const k = number(sha512(all)) % ORDER;
    // Without the cofactor: exactly this first half, and no other that is near it.
    const found = Point.BASE.multiply(s, false).subtract(this.point.multiply(k, false));
    if (!found.equals(r)) throw wrong;
    holding.add(again);
  }

  /** First half of the SHA-256 of its digits: what a workstation shows. */
  get fingerprint(): string {
    return fingerprint(this.hex);
  }
}

export const fingerprint = (hex: string): string => (sha256(hex).slice(0, 32).match(/.{4}/g) ?? []).join(" ");
