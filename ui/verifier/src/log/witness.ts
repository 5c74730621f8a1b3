// What a witness is asked (tlog-witness), and whether it may cosign (docs/formats/ledger.md, *What holds*).
import { Refused } from "../refused";
import { Checkpoint } from "./checkpoint";
import type { Signed } from "./checkpoint";
import { MOST_HASHES, count, hash64, must, same } from "./forms";
import type { LogKey } from "./key";
import { consistent } from "./tree";

/** What a witness answers instead of a cosignature. */
export class Denied extends Error {
  constructor(readonly status: number) {
    super(`${status}`);
  }
}

function ask<T>(status: number, what: () => T): T {
  try {
    return what();
  } catch (e) {
    if (e instanceof Refused) throw new Denied(status);
    throw e;
  }
}

/** The checkpoint that a request has a witness of this log cosign, which cosigned `last`. */
export function asked(request: string, log: LogKey, last: Signed | undefined): Signed {
  const { old, hashes, checkpoint } = ask(400, () => {
    const end = request.indexOf("\n\n");
    must(end > 0, "malformed");
    const [first = "", ...rest] = request.slice(0, end).split("\n");
    const old = /^old (.*)$/.exec(first)?.[1];
    must(old !== undefined && rest.length <= MOST_HASHES, "malformed");
    const whole = request.slice(end + 2);
    return { old: count(old), hashes: rest.map(hash64), checkpoint: Checkpoint.read(whole) };
  });
  if (checkpoint.origin !== log.name) throw new Denied(404);
  const signed = ask(403, () => checkpoint.signed(log));
  if (old > signed.size) throw new Denied(400);
  if (old !== (last?.size ?? 0)) throw new Denied(409);
  if (!last) {
    if (hashes.length > 0) throw new Denied(422);
    return signed;
  }
  // Two roots of one size are two histories.
  if (last.size === signed.size && !same(last.root, signed.root)) throw new Denied(409);
  ask(422, () => consistent(last, signed, hashes));
  return signed;
}
