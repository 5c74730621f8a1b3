// What the forms of C2SP have in common (docs/formats/ledger.md): reasons, base64, numbers, names of keys.
import { Refused } from "../refused";

export type Reason =
  | "too-large"
  | "malformed"
  | "key-malformed"
  | "key-weak"
  | "other-log"
  | "not-signed"
  | "signature-wrong"
  | "no-witness"
  | "not-included"
  | "rolled-back"
  | "fork"
  | "inconsistent"
  | "tile-missing"
  | "order"
  | "row";

/** Refuses by a reason of the ledger's page. */
export function no(reason: Reason): never {
  throw new Refused(reason, `verifier-log-${reason}`);
}

/** Refuses by `reason` unless it holds. */
export function must(holds: boolean, reason: Reason): asserts holds {
  if (!holds) no(reason);
}

/** Most bytes of a note. */
export const MOST_NOTE = 64 * 1024;
/** Most hashes of a proof. */
export const MOST_HASHES = 63;

const utf8 = new TextEncoder();
const strictly = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export const bytesOfText = (text: string): Uint8Array => utf8.encode(text);

/** A text of at most `most` bytes in UTF-8. */
export function textOf(bytes: Uint8Array, most: number): string {
  must(bytes.length <= most, "too-large");
  try {
    return strictly.decode(bytes);
  } catch {
    no("malformed");
  }
}

/** With padding, and without bits that say nothing. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/;

/** The bytes of a base64 text (RFC 4648) in its one form, or nothing. */
export const base64 = (text: string): Uint8Array | undefined =>
  BASE64.test(text) ? Uint8Array.from(atob(text), (c) => c.charCodeAt(0)) : undefined;

/** A hash of 32 bytes in base64. */
export function hash64(text: string): Uint8Array {
  const bytes = text.length === 44 ? base64(text) : undefined;
  must(bytes?.length === 32, "malformed");
  return bytes;
}

/** A whole number without sign and without a zero before it, at most 2^53 - 1. */
export function count(text: string): number {
  must(/^(?:0|[1-9]\d{0,15})$/.test(text) && Number.isSafeInteger(Number(text)), "malformed");
  return Number(text);
}

/** Most bytes of a key's name. */
const MOST_NAME = 256;

/** Whether a key may have this name: no blank, no plus sign, nothing that cannot be seen. */
export const isName = (name: string): boolean =>
  name !== "" && !/[\s\p{Cc}+]/u.test(name) && bytesOfText(name).length <= MOST_NAME;

/** Whether two hashes are the same. */
export const same = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, at) => byte === b[at]);
