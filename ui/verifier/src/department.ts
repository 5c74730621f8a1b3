// The department's documents (docs/formats/roster.md): one chain from the root key on, and who could do what when.
import { Key } from "./keys";
import { at, dayOf, monthsLater } from "./moments";
import { Refused, need } from "./refused";
import type { Member, Roster, Signature, Span, Version, Witness } from "./roster";
import { documentOf, oneBadge } from "./roster";
import { gist } from "./text";

/** How long a key lives: its last day, and the version that took it out. */
interface Life {
  owner: string;
  from: string;
  until: string | null;
  gone: bigint | null;
}

function counts(span: Span, day: string): void {
  need(day >= span.from, "key-not-yet", "verifier-key-not-then", { key: span.key });
  need(span.until === null || span.until >= day, "key-ended", "verifier-key-not-then", { key: span.key });
}

export type Acting = "anybody" | "examiner" | "supervisor" | { months: number; proficiency: number };

interface Link {
  version: Version;
  /** Where its roster and its policy stand. */
  roster: number;
  policy: number | null;
}

export class Chain {
  private readonly links: Link[] = [];
  private readonly lives = new Map<string, Life>();

  private constructor(readonly root: string) {}

  /** Reads a department's documents, version 1 first and none left out. */
  static read(root: string, documents: string[]): Chain {
    Key.read(root);
    const chain = new Chain(root);
    for (const text of documents) chain.take(text);
    need(chain.links.length > 0, "no-documents", "verifier-no-documents");
    return chain;
  }

  /** Refuses a chain that is older than, or another than, what was seen. */
  notBefore(seen: { department: string; version: number; sha256: string }): void {
    need(seen.department === this.root, "other-department", "verifier-other-department", { root: this.root });
    const known = this.version(seen.version);
    if (!known) throw new Refused("rollback", "verifier-roster", { what: `version ${seen.version}` });
    need(known.sha256 === seen.sha256, "fork", "verifier-fork", { number: seen.version });
  }

  get newest(): Version {
    return this.links[this.links.length - 1]?.version as Version;
  }

  version(number: number): Version | undefined {
    return this.links[number - 1]?.version;
  }

  /** The number of the version in force at a moment; 0 before the first. */
  inForce(moment: bigint): number {
    return this.links.filter(({ version }) => version.made <= moment).length;
  }

  rosterOf(number: number): Roster {
    return this.links[this.links[number - 1]?.roster ?? 0]?.version.roster as Roster;
  }

  /** Every witness of its rosters, each key once, with the name and days that were said last. */
  get witnesses(): Witness[] {
    const all = new Map<string, Witness>();
    for (let number = this.size; number > 0; number--) {
      for (const one of this.rosterOf(number).witnesses) {
        if (!all.has(one.span.key)) all.set(one.span.key, one);
      }
    }
    return [...all.values()];
  }

  /** The policy's text in force with a version, if there was one. */
  policyOf(number: number): string | undefined {
    const place = this.links[number - 1]?.policy;
    return place === null || place === undefined ? undefined : this.links[place]?.version.policy;
  }

  get size(): number {
    return this.links.length;
  }

  /** The last day of a key, as the newest version that has it says. */
  lastDay(key: string): string | null {
    return this.lives.get(key)?.until ?? null;
  }

  /** Whose key it is, where the roster of version `number` alone lets it act so on the day of a moment. */
  allows(number: number, key: string, acting: Acting, moment: string): Member {
    const member = this.rosterOf(number).people.find((one) => one.keys.some((span) => span.key === key));
    const span = member?.keys.find((one) => one.key === key);
    if (!member || !span) throw new Refused("key-unknown", "verifier-key-unknown", { key });
    const day = dayOf(moment);
    counts(span, day);
    const role = typeof acting === "object" ? "examiner" : acting;
    need(role === "anybody" || member.roles.includes(role), "role-missing", "verifier-role-missing", {
      name: member.name,
    });
    if (typeof acting === "object") {
      const { training } = member;
      const current =
        training !== null &&
        training.completed_on <= day &&
        day <= monthsLater(training.completed_on, acting.months) &&
        training.proficiency >= acting.proficiency;
      need(current, "not-trained", "verifier-not-trained", { name: member.name });
    }
    return member;
  }

  /** The same by the roster in force then, with what was learned later of the key. */
  may(key: string, acting: Acting, moment: string): Member {
    const number = this.inForce(at(moment));
    need(number > 0, "no-roster-then", "verifier-no-roster-then", { at: moment });
    const life = this.lives.get(key);
    const gone = life && life.gone !== null && life.gone <= at(moment);
    const ended = life && life.until !== null && life.until < dayOf(moment);
    need(!gone && !ended, "key-ended", "verifier-key-not-then", { key });
    return this.allows(number, key, acting, moment);
  }

  private take(text: string): void {
    const { version, signatures } = documentOf(text);
    need(version.department === this.root, "other-department", "verifier-other-department", {
      root: version.department,
    });
    const expected = this.links.length + 1;
    const wrong = new Refused("wrong-number", "verifier-wrong-number", { number: version.number });
    if (version.number === 0 || version.number > expected) throw wrong;
    if (version.number < expected) {
      const known = this.links[version.number - 1]?.version;
      if (known?.sha256 === version.sha256) throw wrong;
      // It is a fork only if it would hold in the other's place.
      this.until(version.number - 1).admit(version, signatures);
      throw new Refused("fork", "verifier-fork", { number: version.number });
    }
    this.admit(version, signatures);
  }

  private until(count: number): Chain {
    const chain = new Chain(this.root);
    for (const link of this.links.slice(0, count)) {
      chain.live(link.version);
      chain.links.push(link);
    }
    return chain;
  }

  private admit(version: Version, signatures: Signature[]): void {
    const last = this.links[this.links.length - 1];
    const { number } = version;
    need(version.previous === (last?.version.sha256 ?? null), "wrong-predecessor", "verifier-wrong-number", {
      number,
    });
    need(!last || last.version.made < version.made, "dates-out-of-order", "verifier-wrong-number", {
      number,
    });
    this.follows(version);
    this.signedBy(version, signatures);
    const place = this.links.length;
    if (version.roster) {
      this.links.push({ version, roster: place, policy: last?.policy ?? null });
    } else {
      if (!last) throw new Refused("no-administrator", "verifier-roster", { what: "policy" });
      this.links.push({ version, roster: last.roster, policy: place });
    }
    this.live(version);
  }

  /** What a roster may change of the one before. */
  private follows(version: Version): void {
    if (!version.roster) return;
    const today = dayOf(version.madeAt);
    for (const { span, owner } of version.roster.signing) {
      const life = this.lives.get(span.key);
      if (!life) continue;
      const { key } = span;
      need(life.owner === owner, "key-of-another", "verifier-key-changed", { key });
      const ended = life.until !== null && life.until < today;
      const extended = life.until !== null && (span.until === null || span.until > life.until);
      need(life.gone === null && !(ended && extended), "key-came-back", "verifier-key-changed", { key });
      need(life.from === span.from, "key-begins-otherwise", "verifier-key-changed", { key });
    }
    if (this.links.length === 0) return;
    for (const before of this.rosterOf(this.links.length).people) {
      const now = version.roster.people.find((one) => one.id === before.id);
      if (!now) continue;
      const kept = gist(now.name) === gist(before.name) || oneBadge(now) === oneBadge(before);
      need(kept, "person-swapped", "verifier-roster", { what: before.name });
    }
  }

  private live(version: Version): void {
    if (!version.roster) return;
    const present = new Set<string>();
    for (const { span, owner } of version.roster.signing) {
      present.add(span.key);
      this.lives.set(span.key, { owner, from: span.from, until: span.until, gone: null });
    }
    for (const [key, life] of this.lives) if (!present.has(key)) life.gone ??= version.made;
  }

  private signedBy(version: Version, signatures: Signature[]): void {
    const before = this.links.length > 0 ? this.rosterOf(this.links.length) : undefined;
    const signed: string[] = [];
    let recovery = false;
    for (const { key, signature } of signatures) {
      const twice = new Refused("signed-twice", "verifier-signed-twice", { key });
      if (key === this.root) {
        need(!!version.roster, "recovery-key-for-policy", "verifier-not-an-administrator", { key });
        if (recovery) throw twice;
        Key.read(key).verify(version.schema, version.text, signature);
        recovery = true;
        continue;
      }
      const member = before?.people.find((one) => one.keys.some((span) => span.key === key));
      const span = member?.keys.find((one) => one.key === key);
      const unknown = new Refused("not-an-administrator", "verifier-not-an-administrator", { key });
      if (!member || !span || !member.roles.includes("administrator")) throw unknown;
      counts(span, dayOf(version.madeAt));
      if (signed.includes(member.id)) throw twice;
      Key.read(key).verify(version.schema, version.text, signature);
      signed.push(member.id);
    }
    if (recovery) return;
    const all = before?.people.filter((one) => one.roles.includes("administrator")) ?? [];
    const needed = before ? Math.min(all.length, 2) : 1;
    need(signed.length >= needed, "too-few-signatures", "verifier-too-few-signatures", {
      needed,
      found: signed.length,
    });
    const stays = (id: string): boolean =>
      !version.roster ||
      !!version.roster.people.find((one) => one.id === id)?.roles.includes("administrator");
    const out = all.map((one) => one.id).filter((id) => !stays(id));
    const others = signed.filter((id) => !out.includes(id)).length;
    need(out.length === 0 || others >= 2, "removal-needs-others", "verifier-too-few-signatures", {
      needed: 2,
      found: others,
    });
  }
}
