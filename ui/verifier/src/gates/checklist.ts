// The fifth gate (docs/formats/gates.md): the corroboration checklist, and what each entry is worth.
import type { Json, Record_ } from "../json";
import { daysBetween } from "../moments";
import { ITEMS, MANDATORY } from "../records";
import { gist, isName, length, named, nameOf, said, standsIn, tells, trimmed } from "../text";
import type { Name } from "../text";
import { LAXEST, MOST_FIELD, gate, record, records, time, times, words } from "./parts";

/** What an entry is judged against. */
export interface Around {
  event: bigint | null;
  searched: bigint | null;
  now: bigint;
  files: Set<string>;
  people: Name[];
  /** Rows of the lists that are the lead's subject; nothing while nobody is kept. */
  lead: Set<string> | null;
}

/** The rows of all lists that are the same subject as a candidate. */
export function sameSubject(searches: Record_[], candidate: string): Set<string> {
  const rows = searches.flatMap((search) => records(search.candidates));
  const subject = rows.find((row) => row.id === candidate && row.subject_id !== undefined)?.subject_id;
  const same = rows.filter((row) => subject !== undefined && row.subject_id === subject);
  return new Set([candidate, ...same.map((row) => words(row.id))]);
}

/** From whom to whom the case went, oldest first. */
export const handedOver = (history: Record_): Record_[] => records(history.handed_over ?? []);

/** Everybody who had the case, examined or verified beside the examination that counts. */
export function peopleOf(history: Record_): Record_[] {
  const aside = records(history.set_aside).flatMap((one) => {
    const examination = record(one.examination);
    const second =
      examination.verification === null ? [] : [record(record(examination.verification).verifier)];
    return [record(examination.examiner), ...second];
  });
  const held = handedOver(history).flatMap((one) => [record(one.from), record(one.to)]);
  return [...aside, ...records(history.given_up).map((one) => record(record(one.work).examiner)), ...held];
}

export function aroundOf(
  kase: Record_ | null,
  probe: Record_ | null,
  searches: Record_[],
  examination: Record_ | null,
  history: Record_,
  author: Record_,
  now: bigint,
): Around {
  const images = probe
    ? [record(probe.image), ...records(probe.further).map((one) => record(one.image))]
    : [];
  const second =
    examination && examination.verification !== null
      ? [record(record(examination.verification).verifier)]
      : [];
  const confirmed = kase && kase.confirmed_by !== null ? [record(kase.confirmed_by)] : [];
  const people = [
    ...(kase ? [record(kase.opened_by)] : []),
    ...confirmed,
    ...searches.map((search) => record(search.by)),
    ...(examination ? [record(examination.examiner)] : []),
    ...second,
    ...peopleOf(history),
    author,
  ].map((p) => nameOf(words(p.name), words(p.badge)));
  const typed = kase ? [record(kase.basis).requested_by, record(kase.basis).supervisor] : [];
  const lead = examination?.lead;
  const moments = searches.map((search) => time(search.at)).sort((a, b) => (a < b ? -1 : 1));
  return {
    event: kase ? time(kase.event_at) : null,
    searched: moments[0] ?? null,
    now,
    files: new Set(images.map((image) => words(image.sha256))),
    people: [...people, ...typed.map((name) => nameOf(words(name), ""))],
    lead: typeof lead === "string" ? sameSubject(searches, lead) : null,
  };
}

const CATEGORY: Record<string, string> = { media: "open-source-media" };
export const category = (entry: Record_): string => {
  const name = words(record(entry.details).category);
  return CATEGORY[name] ?? name;
};
const mandatory = (entry: Record_): boolean => MANDATORY.includes(category(entry));

/** Times at which what an entry rests on was recorded. */
const recordedAt = (entry: Record_): bigint[] => {
  const details = record(entry.details);
  return times(details.seen_at, details.stated_at, record(entry.independence).recorded_at);
};

function earlierRecord(entry: Record_, around: Around): boolean {
  const recorded = recordedAt(entry);
  const { searched } = around;
  const before = searched === null || recorded.every((at) => at < searched);
  return record(entry.independence).recorded_before_search === true && recorded.length > 0 && before;
}

const forAnother = (entry: Record_, around: Around): boolean =>
  entry.made_for !== null && around.lead !== null && !around.lead.has(words(entry.made_for));

const fixes = (entry: Record_): boolean => Object.values(record(entry.fixes)).includes(true);

function objections(entry: Record_, around: Around): string[] {
  const details = record(entry.details);
  const i = record(entry.independence);
  const found: string[] = [];
  const object = (when: boolean, objection: string): void => {
    if (when) found.push(objection);
  };
  object(details.ownership_only === true, "ownership-only");
  if (details.category === "witness") {
    object(details.photo_shown_before === true, "photo-shown-before");
    object(details.name_told_before === true, "name-told-before");
    object(details.lineup_from_lead === true, "line-up-from-lead");
    object(details.only_saw_video === true, "only-saw-video");
    const [witness, source] = [named(words(details.witness)), named(words(entry.source))];
    const somebody = around.people.some((p) => standsIn(p, witness) || isName(p, source));
    object(somebody, "part-of-the-case");
  }
  object(details.is_probe_post === true, "probe-post");
  object(details.lookalike_profile === true, "look-alike-profile");
  const earlier = earlierRecord(entry, around);
  object(
    records(entry.attachments).some((file) => around.files.has(words(file.sha256))),
    "probe-file",
  );
  object(forAnother(entry, around), "made-for-another");
  object(i.source_knew_result === true && !earlier, "source-knew-result");
  object(i.compares_faces === true, "face-comparison");
  object(i.root !== null && record(i.root).kind === "probe", "shares-root-with-probe");
  object(i.about_event === false, "not-about-event");
  object(i.found_by_name === true && !(earlier && fixes(entry)), "name-search-without-record");
  return found;
}

const CONTAMINATES = ["photo-shown-before", "name-told-before", "line-up-from-lead"];

function plateReads(plate: string): boolean {
  const signs = [...trimmed(plate)];
  const letter = (c: string): boolean => /[\p{Alphabetic}\p{N}]/u.test(c);
  const counted = signs.filter((c) => letter(c) || c === "?").length;
  return (
    signs.every((c) => letter(c) || " -?".includes(c)) && counted >= 1 && counted <= 10 && signs.some(letter)
  );
}

/** Whether what is typed in one entry alone is whole. */
function whole(entry: Record_, around: Around, copied: Set<string>): boolean {
  const details = record(entry.details);
  const i = record(entry.independence);
  const says = (...texts: (Json | undefined)[]): boolean => texts.every((text) => said(words(text)));
  const answered = (...answers: (Json | undefined)[]): boolean => answers.every((answer) => answer !== null);
  const attempts = records(entry.attempts);
  if (entry.finding === null) return false;
  if (entry.finding === "sought-not-found") {
    const complete = attempts.filter((a) => says(a.what, a.place) && a.at !== null);
    const told = new Set<string>();
    for (const { what } of complete) {
      const gone = gist(words(what));
      if (tells(words(what), 2) && !copied.has(gone)) told.add(gone);
    }
    const finished = complete.length === attempts.length || complete.length < LAXEST.attempts;
    if (told.size < LAXEST.attempts || !finished) return false;
  } else {
    if (!says(entry.shows, entry.source, entry.obtained_by, entry.obtained_how) || entry.obtained_at === null)
      return false;
    if (copied.has(gist(words(entry.shows)))) return false;
    if (!detailsWhole(entry)) return false;
    if (entry.finding === "supports") {
      const [shows, link] = [words(entry.shows), words(entry.link_to_crime)];
      if (!tells(link, 2) || !tells(shows, 2) || gist(link) === gist(shows)) return false;
      if (i.recorded_before_search === true && !earlierRecord(entry, around)) return false;
      const { source_knew_result: knew, compares_faces: faces, root } = i;
      if (!answered(knew, i.recorded_before_search, faces, root, i.about_event, i.found_by_name))
        return false;
      if (details.category === "witness") {
        const told = details.photo_shown_before === true || details.name_told_before === true;
        if (told && knew === false) return false;
      }
      if (details.is_probe_post === true && record(root).kind === "own") return false;
      if (details.lookalike_profile === true && faces === false) return false;
    }
  }
  const own = details.seen_at ?? details.stated_at ?? details.captured_at ?? null;
  const dates = times(own, entry.obtained_at, i.recorded_at, ...attempts.map((a) => a.at));
  if (dates.some((date) => date > around.now)) return false;
  const { event } = around;
  const old = event !== null && dates.some((date) => daysBetween(date, event) > 2 * 365);
  if (old && !tells(words(entry.dates_explained), 2)) return false;
  return textsOf(entry).every((text) => length(text) <= MOST_FIELD);
}

function detailsWhole(entry: Record_): boolean {
  const details = record(entry.details);
  const says = (...texts: (Json | undefined)[]): boolean => texts.every((text) => said(words(text)));
  const answered = (...answers: (Json | undefined)[]): boolean => answers.every((answer) => answer !== null);
  switch (details.category) {
    case "vehicle": {
      const [plate, vin] = [words(details.plate), words(details.vin)];
      const one = [details.vehicle, plate, vin].some((text) => said(words(text)));
      const reads = trimmed(plate) === "" || plateReads(plate);
      const number = trimmed(vin) === "" || /^[0-9A-HJ-NPR-Z]{17}$/i.test(trimmed(vin));
      const sighting =
        details.ownership_only !== false ||
        (details.seen_at !== null && says(details.seen_where, details.relation));
      return one && reads && number && sighting && answered(details.ownership_only);
    }
    case "witness":
      return (
        says(details.witness) &&
        answered(
          details.stated_at,
          details.photo_shown_before,
          details.name_told_before,
          details.lineup_from_lead,
          details.only_saw_video,
        )
      );
    case "media":
      return (
        says(details.locator, details.account, details.authentic_because) &&
        answered(details.captured_at, details.is_probe_post, details.lookalike_profile) &&
        records(entry.attachments).length > 0
      );
    default:
      return says(details.rests_on);
  }
}

const TYPED: Record<string, string[]> = {
  vehicle: ["vehicle", "plate", "vin", "seen_where", "relation"],
  witness: ["witness"],
  media: ["locator", "account", "authentic_because"],
};

function textsOf(entry: Record_): string[] {
  const details = record(entry.details);
  const own = [
    "shows",
    "source",
    "obtained_by",
    "obtained_how",
    "link_to_crime",
    "resolution",
    "dates_explained",
  ];
  const typed = (TYPED[words(details.category)] ?? ["rests_on"]).map((name) => details[name]);
  const attempts = records(entry.attempts).flatMap((a) => [a.what, a.place]);
  return [...own.map((name) => entry[name]), ...typed, ...attempts].map(words);
}

/** For each entry what was said by the entries before it. */
function copiedOf(entries: Record_[]): Set<string>[] {
  const before = new Set<string>();
  return entries.map((entry) => {
    const there = new Set(before);
    const texts = [...records(entry.attempts).map((a) => words(a.what)), words(entry.shows)];
    for (const text of texts.map(gist)) if (text !== "") before.add(text);
    return there;
  });
}

function sharesRoot(one: Record_, other: Record_): boolean {
  const same = (a: Json | undefined, b: Json | undefined): boolean =>
    said(words(a)) && gist(words(a)) === gist(words(b));
  const [a, b] = [record(one.details), record(other.details)];
  const both = (kind: string): boolean => a.category === kind && b.category === kind;
  const address =
    (both("media") && same(a.locator, b.locator)) || (both("witness") && same(a.witness, b.witness));
  const files = new Set(records(other.attachments).map((file) => file.sha256));
  const file = records(one.attachments).some((mine) => files.has(mine.sha256));
  return file || address || same(one.source, other.source);
}

/** For each entry the number of the group of entries that share one root. */
function groupsOf(entries: Record_[]): number[] {
  const group = entries.map((_, at) => at);
  const join = (one: number, other: number): void => {
    const [a, b] = [group[one] ?? 0, group[other] ?? 0];
    const [from, to] = [Math.max(a, b), Math.min(a, b)];
    group.forEach((g, at) => {
      if (g === from) group[at] = to;
    });
  };
  entries.forEach((entry, at) => {
    const root = record(entry.independence).root;
    if (root !== null && record(root).kind === "entry") {
      const other = entries.findIndex((one) => one.id === record(root).entry);
      if (other >= 0) join(at, other);
    }
    entries.slice(0, at).forEach((earlier, other) => {
      if (sharesRoot(entry, earlier)) join(at, other);
    });
  });
  return group;
}

/** What each entry is worth, in their order. */
export function standingsOf(checklist: Record_, around: Around): Json[] {
  const entries = records(checklist.entries);
  const [groups, copied] = [groupsOf(entries), copiedOf(entries)];
  const counted = new Set<number>();
  let byName = false;
  const judge = (entry: Record_, at: number): Record_ => {
    const found = objections(entry, around);
    if (found.some((one) => CONTAMINATES.includes(one))) return { kind: "contaminated", objections: found };
    if (entry.finding === "contradicts") return { kind: forAnother(entry, around) ? "neutral" : "against" };
    if (!whole(entry, around, copied[at] ?? new Set())) return { kind: "open" };
    if (entry.finding !== "supports") return { kind: "neutral" };
    if (found.length === 0) {
      const group = groups[at] ?? 0;
      const named = record(entry.independence).found_by_name === true;
      if (counted.has(group)) found.push("shares-root-with-entry");
      else if (named && byName) found.push("second-name-search");
      else {
        counted.add(group);
        byName ||= named;
      }
    }
    return found.length === 0 ? { kind: "independent" } : { kind: "not-counted", objections: found };
  };
  const order = entries.map((_, at) => at).sort((a, b) => rank(entries, a) - rank(entries, b) || a - b);
  const judged = new Map(order.map((at) => [at, judge(entries[at] as Record_, at)]));
  return entries.map((entry, at) => [words(entry.id), judged.get(at) ?? null]);
}

const rank = (entries: Record_[], at: number): number => (mandatory(entries[at] as Record_) ? 0 : 1);

/** Whether a contradiction is answered in words that tell how. */
const resolved = (text: Json | undefined): boolean => tells(words(text), 3);

const unresolved = (panel: Record_): Record_[] =>
  records(panel.answers).filter((one) => one.answer === "contradicts" && !resolved(one.resolution));

function panelGate(panel: Record_): void {
  const answers = records(panel.answers);
  for (const item of ITEMS) {
    const of = answers.filter((one) => one.item === item);
    const one = of[0];
    gate(of.length === 1 && !!one && one.answer !== null, "panel");
    gate(one?.answer === "not-known" || said(words(one?.rests_on)), "panel");
  }
  const texts = [...answers.flatMap((one) => [one.rests_on, one.resolution]), panel.speaks_for_the_person];
  gate(
    texts.every((text) => length(words(text)) <= MOST_FIELD),
    "too-long",
  );
  gate(said(words(panel.speaks_for_the_person)), "panel");
}

/** A complete checklist for its scope. */
export function checklistGate(checklist: Record_, around: Around): void {
  if (checklist.scope === "no-candidate") return;
  const entries = records(checklist.entries);
  const copied = copiedOf(entries);
  for (const name of MANDATORY) {
    gate(checklist.scope === "exclusion" || entries.some((entry) => category(entry) === name), "category");
  }
  entries.forEach((entry, at) =>
    gate(whole(entry, around, copied[at] ?? new Set()), "entry", { number: at + 1 }),
  );
  const ids = entries.map((entry) => words(entry.id));
  gate(new Set(ids).size === ids.length, "entry-twice");
  for (const entry of entries) {
    const root = record(entry.independence).root;
    const other = root === null ? undefined : record(root).entry;
    gate(other === undefined || (other !== entry.id && ids.includes(words(other))), "entry-root");
  }
  if (checklist.scope === "lead") panelGate(record(checklist.panel));
}

const pairs = (checklist: Record_, standings: Json[]): [Record_, string][] =>
  records(checklist.entries).map((entry, at) => [entry, words(record((standings[at] as Json[])[1]).kind)]);

/** What a corroborated lead needs beyond completeness. */
export function supportGate(checklist: Record_, standings: Json[]): void {
  const all = pairs(checklist, standings);
  const counted = all
    .filter(([entry, kind]) => kind === "independent" && mandatory(entry))
    .map(([entry]) => entry);
  gate(counted.length >= LAXEST.supports, "supports");
  gate(new Set(counted.map(category)).size >= 2, "supports");
  gate(counted.some(fixes), "supports");
  gate(
    all.every(([entry, kind]) => kind !== "against" || resolved(entry.resolution)),
    "contradiction",
  );
  gate(unresolved(record(checklist.panel)).length === 0, "contradiction");
}

/** Whether something on record stands against the lead. */
export const excludes = (checklist: Record_, standings: Json[]): boolean =>
  pairs(checklist, standings).some(([entry, kind]) => kind === "against" && !resolved(entry.resolution)) ||
  unresolved(record(checklist.panel)).length > 0;
