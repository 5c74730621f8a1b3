// Bech32 (BIP 173), as far as an age recipient needs it.

const LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const STEPS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/** How many bytes a text in lower case holds under `name`; nothing where it is none, or has a typing error. */
export function bech32(name: string, text: string): number | undefined {
  const [prefix, data] = [text.slice(0, name.length + 1), text.slice(name.length + 1)];
  if (prefix !== `${name}1` || data.length < 6) return undefined;
  const values = [...data].map((letter) => LETTERS.indexOf(letter));
  if (values.includes(-1)) return undefined;
  const high = [...name].map((c) => c.charCodeAt(0) >> 5);
  const low = [...name].map((c) => c.charCodeAt(0) & 31);
  let sum = 1;
  for (const value of [...high, 0, ...low, ...values]) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    STEPS.forEach((step, n) => {
      if ((top >> n) & 1) sum ^= step;
    });
  }
  return sum === 1 ? Math.floor(((values.length - 6) * 5) / 8) : undefined;
}
