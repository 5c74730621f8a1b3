// What a person signs (docs/formats/statement.md).
import type { Acting, Chain } from "./department";
import type { Member } from "./roster";
import { schemaOf } from "./roster";
import type { Json } from "./json";
import { read } from "./json";
import { Key } from "./keys";
import { at, dayOf } from "./moments";
import { Refused, need } from "./refused";
import * as s from "./shape";

const fileShape = s.object({ signature: s.text, text: s.text });
const textShape = s.object({
  at: s.moment,
  key: s.text,
  payload: s.any,
  person: s.uuid,
  roster_sha256: s.text,
  roster_version: s.u32,
  schema: s.text,
});

export interface Statement {
  kind: string;
  key: string;
  person: string;
  at: string;
  payload: Json;
  version: number;
  versionSha256: string;
}

/** Reads a statement of a kind, signed by the key that it names. */
export function statement(text: string, kind: string): Statement {
  const file = s.exactly(read(text), fileShape);
  const value = read(file.text as string);
  const context = `corroborate/${kind}/v1`;
  schemaOf(value, [context]);
  const said = s.exactly(value, textShape);
  const key = Key.read(said.key as string);
  key.verify(context, file.text as string, file.signature as string);
  return {
    kind,
    key: key.hex,
    person: said.person as string,
    at: said.at as string,
    payload: said.payload ?? null,
    version: said.roster_version as number,
    versionSha256: said.roster_sha256 as string,
  };
}

export type Caveat =
  | { caveat: "newer-in-force"; version: number }
  | { caveat: "ended-since"; version: number; proven: boolean }
  | { caveat: "key-ends"; on: string; proven: boolean };

export interface Verified {
  member: Member;
  version: number;
  timing: "claimed" | "bounded";
  caveats: Caveat[];
}

/** Whether a statement could be made by its key at the moment that it claims. `logged`: when a ledger held it. */
export function verified(chain: Chain, said: Statement, acting: Acting, logged?: string): Verified {
  const named = chain.version(said.version);
  if (!named) throw new Refused("no-such-version", "verifier-no-such-version", { number: said.version });
  need(named.sha256 === said.versionSha256, "other-roster", "verifier-no-such-version", {
    number: said.version,
  });
  const moment = at(said.at);
  need(moment >= named.made, "before-its-version", "verifier-before-its-version", { at: said.at });
  need(logged === undefined || at(logged) >= moment, "after-the-log", "verifier-before-its-version", {
    at: said.at,
  });
  const member = chain.may(said.key, acting, said.at);
  const knew = chain.allows(said.version, said.key, acting, said.at);
  need(member.id === said.person && knew.id === said.person, "another-person", "verifier-another-person", {
    name: member.name,
  });
  const inForce = chain.inForce(moment);
  const caveats: Caveat[] = [];
  if (inForce !== said.version) caveats.push({ caveat: "newer-in-force", version: inForce });
  for (let later = inForce + 1; later <= chain.size; later++) {
    try {
      chain.allows(later, said.key, acting, said.at);
    } catch {
      const made = chain.version(later)?.made ?? 0n;
      caveats.push({
        caveat: "ended-since",
        version: later,
        proven: logged !== undefined && at(logged) < made,
      });
      break;
    }
  }
  const on = chain.lastDay(said.key);
  if (on !== null)
    caveats.push({ caveat: "key-ends", on, proven: logged !== undefined && dayOf(logged) <= on });
  return { member, version: inForce, timing: logged === undefined ? "claimed" : "bounded", caveats };
}
