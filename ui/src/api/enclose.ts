// What is secret crosses to the program enclosed (HPKE, RFC 9180), so that no plain copy of it stays in messages.
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "@hpke/core";
import type { Enclosed } from "./bindings";

const suite = new CipherSuite({
  kem: new DhkemP256HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes256Gcm(),
});

const hex = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Encloses each text for the program's key `envelope` (hexadecimal); an empty one stays empty. */
export async function enclose<const T extends readonly string[]>(
  envelope: string,
  texts: T,
): Promise<{ [K in keyof T]: Enclosed }> {
  const octets = Uint8Array.from(envelope.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const recipientPublicKey = await suite.kem.deserializePublicKey(octets.buffer);
  const one = async (text: string): Promise<string> => {
    if (text === "") return "";
    const plain = new TextEncoder().encode(text);
    try {
      const { enc, ct } = await suite.seal({ recipientPublicKey }, plain);
      return hex(enc) + hex(ct);
    } finally {
      plain.fill(0);
    }
  };
  return (await Promise.all(texts.map(one))) as unknown as { [K in keyof T]: Enclosed };
}
