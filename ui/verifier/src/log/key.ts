// Keys of logs and witnesses as signed-note writes them, and what each signs (docs/formats/ledger.md, *Keys*).
import { sha256 as digest } from "@noble/hashes/sha2.js";
import { Key, hexOf } from "../keys";
import { Refused } from "../refused";
import { base64, bytesOfText, isName, must, no } from "./forms";

/** What a key's first byte says of it: a log signs checkpoints, a witness cosigns them. */
const KINDS = { log: 1, witness: 4 } as const;
export type Kind = keyof typeof KINDS;

/** A key that a reader knows. */
export class LogKey {
  private constructor(
    readonly kind: Kind,
    readonly name: string,
    readonly key: Key,
    /** The four bytes in hexadecimal that a signature line names it by. */
    readonly id: string,
  ) {}

  /** One of 32 bytes in hexadecimal. */
  static of(kind: Kind, name: string, hex: string): LogKey {
    must(isName(name), "malformed");
    let key: Key;
    try {
      key = Key.read(hex);
    } catch (e) {
      if (e instanceof Refused && e.reason === "key-weak") no("key-weak");
      no("key-malformed");
    }
    const bytes = [...bytesOfText(`${name}\n`), KINDS[kind], ...fromHex(hex)];
    return new LogKey(kind, name, key, hexOf(digest(Uint8Array.from(bytes)).slice(0, 4)));
  }

  /** `<name>+<eight digits>+<base64 of kind and key>`. */
  static read(text: string): LogKey {
    const parts = /^([^+]*)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text);
    const bytes = base64(parts?.[3] ?? "");
    must(parts !== null && bytes?.length === 33, "key-malformed");
    const kind = (Object.keys(KINDS) as Kind[]).find((one) => KINDS[one] === bytes[0]);
    must(kind !== undefined, "key-malformed");
    const key = LogKey.of(kind, parts[1] ?? "", hexOf(bytes.slice(1)));
    must(key.id === parts[2], "key-malformed");
    return key;
  }

  /** Holds the bytes of a signature line to a note's text; of a witness, when it saw it in seconds since 1970. */
  signed(text: string, bytes: Uint8Array): number {
    try {
      if (this.kind === "log") {
        this.key.signed(bytesOfText(text), bytes);
        return 0;
      }
      must(bytes.length === 72, "signature-wrong");
      const time = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
      this.key.signed(bytesOfText(`cosignature/v1\ntime ${time}\n${text}`), bytes.slice(8));
      return Number(time);
    } catch (e) {
      if (e instanceof Refused) no("signature-wrong");
      throw e;
    }
  }
}

const fromHex = (hex: string): number[] => (hex.match(/../g) ?? []).map((two) => parseInt(two, 16));
