// The record in plain words. Everything here was checked before it is shown.
import { el, facts, list, mono, section, table } from "./dom";
import type { CheckedDisclosure } from "./disclosure";
import { list as texts, record, records, words } from "./gates/parts";
import { handedOver } from "./gates/checklist";
import { outcomeOf } from "./gates/examination";
import type { Json, Record_ } from "./json";
import type { Counted } from "./log/disclosure";
import type { CheckedNote, Proven } from "./note";
import type { Args } from "./refused";
import type { Signer } from "./signed";
import { say } from "./words";

/** Most rows of the audit that are shown. */
const MOST_EVENTS = 2_000;

let zone = "UTC";

/** In whose time moments are told. */
export function inZone(name: string): void {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    zone = name;
  } catch {
    zone = "UTC";
  }
}

/** A moment as people read it: the local time with its zone, UTC in brackets. */
export function when(moment: Json | undefined): string {
  if (typeof moment !== "string") return "–";
  const at = new Date(moment);
  const utc = `${moment.slice(0, 10)} ${moment.slice(11, 16)} UTC`;
  if (zone === "UTC" || Number.isNaN(at.getTime())) return utc;
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short",
  }).formatToParts(at);
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? "";
  const local = `${of("year")}-${of("month")}-${of("day")}`;
  const there =
    local === moment.slice(0, 10) ? moment.slice(11, 16) : `${moment.slice(0, 10)} ${moment.slice(11, 16)}`;
  return `${local} ${of("hour")}:${of("minute")} ${of("timeZoneName")} (${there} UTC)`;
}

export const person = (p: Json | undefined): string => {
  const of = record(p);
  return say("verifier-person", { name: words(of.name), badge: words(of.badge), agency: words(of.ori) });
};

const name = (p: Json | undefined): string => words(record(p).name);
const maybe = <T>(value: Json | undefined, told: (value: Json) => T): T | null =>
  value === null || value === undefined ? null : told(value);

/** What its log says of a note, or that it is in none. */
export function ledger({ logged, proven }: CheckedNote): HTMLElement {
  const all = logged.flatMap(({ event, index, size, whose, seen, missing }) => [
    say(`verifier-logged-${whose}`, { what: say(`verifier-logged-${event}`), row: index + 1, size }),
    ...seen.map(({ name, at }) => say("verifier-logged-seen", { name, at: when(at) })),
    ...missing.map((name) => say("verifier-logged-missing", { name })),
    ...(seen.length + missing.length === 0 ? [say("verifier-logged-no-witness")] : []),
  ]);
  const has = (event: string): boolean => logged.some((one) => one.event === event);
  if (!has("note-sealed")) all.push(say("verifier-logged-never"));
  if (proven.reviews.length > 0 && !has("note-reviewed")) all.push(say("verifier-logged-review-never"));
  return section("ledger", say("verifier-ledger"), list(all, { "data-test": "ledger" }));
}

const counts = (these: Counted, all: Counted): string =>
  say("verifier-disclosure-logged-parts", {
    notes: these.notes,
    of_notes: all.notes,
    reviews: these.reviews,
    of_reviews: all.reviews,
    addenda: these.addenda,
    of_addenda: all.addenda,
    events: these.events,
    of_events: all.events,
  });

/** What its log says of a disclosure: how much of it is there, who saw it, and what was never logged. */
export function disclosureLedger({ logged, counts: { whose, never, all } }: CheckedDisclosure): HTMLElement {
  const rows = logged.length;
  const told = whose.map(({ name, counted }) =>
    say(`verifier-disclosure-logged-${name}`, { parts: counts(counted, all) }),
  );
  const [seen, missing] = [new Map<string, string[]>(), new Map<string, number>()];
  for (const row of logged) {
    for (const { name, at } of row.seen) seen.set(name, [...(seen.get(name) ?? []), at]);
    for (const name of row.missing) missing.set(name, (missing.get(name) ?? 0) + 1);
  }
  for (const [name, moments] of seen) {
    const sorted = [...moments].sort();
    const [first, last] = [when(sorted[0]), when(sorted[sorted.length - 1])];
    told.push(say("verifier-disclosure-logged-seen", { name, count: moments.length, rows, first, last }));
  }
  for (const [name, count] of missing)
    told.push(say("verifier-disclosure-logged-missing", { name, count, rows }));
  const unseen = logged.filter((row) => row.seen.length === 0).length;
  if (unseen > 0) told.push(say("verifier-disclosure-logged-unseen", { count: unseen, rows }));
  if (rows === 0) told.push(say("verifier-disclosure-logged-nothing"));
  else if (Object.values(never).some((count) => count > 0))
    told.push(say("verifier-disclosure-logged-never", { parts: counts(never, all) }));
  return section("ledger", say("verifier-ledger"), list(told, { "data-test": "ledger" }));
}

export function signers(all: Signer[]): HTMLElement | null {
  if (all.length === 0) return null;
  const rows = all.map((signer) => [
    say(`verifier-stated-${signer.stated}`),
    [
      say("verifier-person", {
        name: signer.member.name,
        badge: signer.member.badge,
        agency: signer.member.agency,
      }),
      ...signer.caveats.map((caveat) => {
        const args: Args = "version" in caveat ? { version: caveat.version } : { on: caveat.on };
        return el("p", { class: "caveat" }, say(`verifier-caveat-${caveat.caveat}`, args));
      }),
    ],
    when(signer.at),
    String(signer.version),
  ]);
  const heads = ["what", "who", "when", "version"].map((head) => say(`verifier-signed-${head}`));
  return section("signed", say("verifier-signed"), table(heads, rows));
}

function kase(of: Record_): HTMLElement {
  const basis = record(of.basis);
  const charge = maybe(of.charge, (c) => ` · ${words(record(c).code)} ${words(record(c).name)}`);
  return section(
    "case",
    say("verifier-case"),
    facts(
      [say("verifier-case-number"), words(of.number)],
      [say("verifier-case-offence"), words(of.offence) + (charge ?? "")],
      [say("verifier-case-event"), when(of.event_at)],
      [say("verifier-case-purpose"), say(`purpose-${words(of.purpose)}`)],
      [say("verifier-case-basis"), words(basis.statement)],
      [say("verifier-case-requested"), words(basis.requested_by)],
      [say("verifier-case-opened"), `${when(of.opened_at)}, ${person(of.opened_by)}`],
      [
        say("verifier-case-confirmed"),
        maybe(of.confirmed_by, (p) => `${person(p)}, ${when(of.confirmed_at)}`),
      ],
    ),
  );
}

function probe(of: Record_): HTMLElement {
  const image = record(of.image);
  const size = say("verifier-probe-size", {
    width: image.width as number,
    height: image.height as number,
    format: words(image.format),
    name: words(image.file_name),
  });
  return section(
    "probe",
    say("verifier-probe"),
    facts(
      [say("verifier-probe-source"), say(`source-${words(of.source)}`)],
      [say("verifier-probe-captured"), when(of.captured_at)],
      [say("verifier-probe-obtained"), `${words(of.obtained_by)}: ${words(of.obtained_how)}`],
      [say("verifier-probe-basis"), words(of.legal_basis)],
      [
        say("verifier-probe-quality"),
        [String(of.quality), maybe(of.quality_warning, (w) => `. ${words(w)}`)],
      ],
      [say("verifier-probe-file"), size],
      [say("verifier-sha256"), mono(words(image.sha256))],
    ),
    of.prepared !== null && el("p", {}, say("verifier-probe-prepared")),
  );
}

function searches(disclosure: Record_): HTMLElement[] {
  const examination = maybe(disclosure.examination, record);
  return records(disclosure.searches).map((search, n) => {
    const whole = record(search.completeness);
    const conclusions =
      examination && examination.search === search.id ? record(examination.conclusions) : {};
    const rows = records(search.candidates).map((row, at) => [
      String(at + 1),
      typeof row.score === "number" ? row.score.toFixed(3) : "–",
      row.subject_id === undefined ? "–" : words(row.subject_id),
      maybe(row.captured_on, words) ?? "–",
      maybe(conclusions[words(row.id)], (c) => say(`conclusion-${words(record(c).conclusion)}`)) ?? "–",
    ]);
    const heads = ["", "-score", "-subject", "-taken", "-conclusion"].map((head) =>
      say(`verifier-candidate${head}`),
    );
    return section(
      `search-${n + 1}`,
      say("verifier-search", { number: n + 1 }),
      el("p", {}, say("verifier-search-made", { at: when(search.at), name: person(search.by) })),
      search.gave_nothing === true && el("p", { class: "note" }, say("verifier-search-nothing")),
      facts(
        [say("verifier-case-purpose"), say(`purpose-${words(search.purpose)}`)],
        [say("verifier-search-gallery"), `${words(search.gallery)} · ${words(search.model)}`],
        [
          say("verifier-search-scanned"),
          say("verifier-search-compared", {
            scanned: whole.scanned as number,
            size: whole.gallery_size as number,
            out: whole.filtered_out as number,
          }),
        ],
      ),
      search.withheld === true
        ? el("p", { class: "note" }, say("verifier-search-withheld"))
        : el(
            "details",
            { open: "" },
            el("summary", {}, say("verifier-candidates", { count: rows.length })),
            el("p", { class: "soft" }, say("verifier-score-hint")),
            table(heads, rows),
          ),
    );
  });
}

function changes(all: Record_[]): HTMLElement | null {
  if (all.length === 0) return null;
  const one = (change: Record_): string => {
    const to = record(change.to);
    const before = maybe(change.from, (from) => say(`conclusion-${words(record(from).conclusion)}`));
    return say("verifier-change", {
      at: when(to.at),
      before: before ?? "–",
      after: say(`conclusion-${words(to.conclusion)}`),
      reason: words(to.reason),
    });
  };
  return el("div", { class: "note" }, el("h3", {}, say("verifier-changes")), list(all.map(one)));
}

function verification(of: Record_): HTMLElement {
  const conference = maybe(of.conference, record);
  return el(
    "div",
    {},
    el("h3", {}, say("verifier-verification")),
    facts(
      [say("verifier-verification-by"), `${person(of.verifier)}, ${when(of.at)}`],
      [say("verifier-verification-elsewhere"), of.asked === undefined ? "" : say("verifier-yes")],
      [
        say("verifier-verification-came"),
        `${say(`conclusion-${words(of.conclusion)}`)}. ${say(`agreement-${words(of.agreement)}`)}`,
      ],
      [
        say("verifier-conference"),
        conference && `${words(conference.account)} → ${say(`conclusion-${words(conference.agreed)}`)}`,
      ],
    ),
  );
}

function examination(disclosure: Record_): HTMLElement | null {
  const of = maybe(disclosure.examination, record);
  if (!of) return null;
  const analysis = record(of.analysis);
  const outcome = of.concluded_at === null ? undefined : outcomeOf(of);
  const rows = records(disclosure.searches).flatMap((search) => records(search.candidates));
  const place = (id: string): string => {
    const row = rows.find((one) => one.id === id);
    return row?.subject_id === undefined ? id : words(row.subject_id);
  };
  const lead =
    outcome === undefined
      ? say("verifier-examination-open")
      : outcome
        ? `${place(outcome.candidate)}: ${say(`conclusion-${outcome.conclusion}`)}`
        : say("verifier-examination-nobody");
  const suitable = maybe(analysis.suitability, (s) => say(`suitability-${words(s)}`)) ?? "–";
  return section(
    "examination",
    say("verifier-examination"),
    facts(
      [say("verifier-examination-by"), person(of.examiner)],
      [say("verifier-examination-analysis"), [suitable, words(analysis.note) && `. ${words(analysis.note)}`]],
      [
        say("verifier-examination-seen"),
        say("verifier-examination-opened", {
          opened: Object.keys(record(of.looked_at)).length,
          concluded: Object.keys(record(of.conclusions)).length,
        }),
      ],
      [say("verifier-examination-concluded"), maybe(of.concluded_at, when)],
      [say("verifier-examination-unveiled"), maybe(of.unveiled_at, when)],
      [say("verifier-examination-lead"), lead],
    ),
    changes(records(of.changes)),
    of.verification !== null && verification(record(of.verification)),
    before(record(disclosure.history)),
  );
}

function before(history: Record_): HTMLElement | null {
  const all = [
    ...records(history.set_aside).map((one) =>
      say("verifier-before-aside", { at: when(one.at), name: name(record(one.examination).examiner) }),
    ),
    ...records(history.given_up).map((one) =>
      say("verifier-before-given-up", { at: when(one.at), name: name(record(one.work).examiner) }),
    ),
    ...records(history.elsewhere).map((one) =>
      say("verifier-before-elsewhere", { at: when(one.at), name: name(one.to) }),
    ),
    ...handedOver(history).map((one) =>
      say("verifier-handed-over", {
        at: when(one.at),
        from: name(one.from),
        to: name(one.to),
        by: name(one.by),
        reason: words(one.reason),
      }),
    ),
  ];
  return all.length === 0
    ? null
    : el("div", { class: "note" }, el("h3", {}, say("verifier-before")), list(all));
}

function entry(of: Record_, standing: Record_ | undefined, n: number): HTMLElement {
  const category = words(record(of.details).category);
  const kind = standing ? words(standing.kind) : "open";
  const because =
    standing?.objections === undefined
      ? []
      : texts(standing.objections).map((o) => say(`verifier-objection-${o}`));
  const attempts = records(of.attempts).map((a) => `${words(a.what)} · ${words(a.place)} · ${when(a.at)}`);
  const earlier = texts(of.earlier);
  return el(
    "article",
    { class: `entry ${kind}` },
    el(
      "h3",
      {},
      `${say("verifier-entry", { number: n })} · ${say(`category-${category === "media" ? "open-source-media" : category}`)}`,
    ),
    el(
      "p",
      { class: "standing" },
      maybe(of.finding, (f) => `${say(`finding-${words(f)}`)}. `) ?? "",
      el("strong", {}, `${say(`standing-${kind}`)}${because.length > 0 ? `: ${because.join("; ")}` : ""}.`),
    ),
    facts(
      [say("verifier-entry-shows"), words(of.shows)],
      [say("verifier-entry-source"), words(of.source)],
      [
        say("verifier-entry-obtained"),
        of.obtained_at !== null &&
          `${when(of.obtained_at)}, ${words(of.obtained_by)}: ${words(of.obtained_how)}`,
      ],
      [say("verifier-entry-link"), words(of.link_to_crime)],
      [say("verifier-entry-attempts"), attempts.length > 0 && list(attempts)],
      [say("verifier-entry-resolution"), words(of.resolution)],
      [say("verifier-entry-earlier"), earlier.length > 0 && list(earlier)],
    ),
  );
}

function corroboration(disclosure: Record_): HTMLElement | null {
  const checklist = record(disclosure.corroboration);
  const entries = records(checklist.entries);
  const panel = record(checklist.panel);
  const answers = records(panel.answers).filter((one) => one.answer !== null);
  if (entries.length === 0 && answers.length === 0) return null;
  const standings = new Map((disclosure.standings as Json[][]).map(([id, s]) => [words(id), record(s)]));
  const rows = answers.map((one) => [
    say(`item-${words(one.item)}`),
    say(`answer-${words(one.answer)}`),
    words(one.rests_on),
    words(one.resolution),
  ]);
  return section(
    "corroboration",
    say("verifier-corroboration"),
    ...entries.map((one, n) => entry(one, standings.get(words(one.id)), n + 1)),
    rows.length > 0 && el("h3", {}, say("verifier-panel")),
    rows.length > 0 &&
      table(
        [
          say("verifier-panel-item"),
          say("verifier-panel-answer"),
          say("verifier-entry-source"),
          say("verifier-entry-resolution"),
        ],
        rows,
      ),
    facts([say("verifier-panel-for"), words(panel.speaks_for_the_person)]),
  );
}

export function note(of: Proven, n: number): HTMLElement {
  const { note: said } = of;
  const disposition = words(said.disposition);
  return section(
    `note-${n}`,
    say("verifier-note", { number: n }),
    el(
      "p",
      { class: "disposition" },
      el("strong", {}, say(`disposition-${disposition}-name`)),
      `. ${say(`disposition-${disposition}-means`)}`,
    ),
    el("p", {}, say("verifier-note-sealed", { at: when(said.sealed_at), name: person(said.author) })),
    facts(
      [say("verifier-note-account"), words(said.narrative)],
      [say("verifier-note-reason"), words(said.reason)],
    ),
    el(
      "details",
      {},
      el("summary", {}, say("verifier-note-facts")),
      facts(...records(said.facts).map((fact): [string, string] => [words(fact.about), words(fact.text)])),
    ),
    ...of.reviews.map((review) => {
      const decision = say(`decision-${words(review.decision)}-done`);
      const remarks = [
        words(review.reason),
        ...records(review.judged).map((one) => words(one.remark)),
        ...records(review.remarks).map((one) => words(one.text)),
      ].filter((text) => text !== "");
      return el(
        "div",
        {},
        el("h3", {}, say("verifier-review")),
        el(
          "p",
          {},
          say("verifier-review-made", { at: when(review.at), name: person(review.reviewer), decision }),
        ),
        remarks.length > 0 && list(remarks),
      );
    }),
    ...of.addenda.map((added) =>
      el(
        "div",
        {},
        el("h3", {}, say("verifier-addendum", { number: added.number as number })),
        el("p", {}, `${when(added.at)}, ${person(added.author)}`),
        el("p", {}, words(added.text)),
      ),
    ),
    el("p", { class: "soft" }, `${say("verifier-sha256")} `, mono(of.sha256)),
  );
}

function audit(events: Record_[]): HTMLElement | null {
  if (events.length === 0) return null;
  const rows = events
    .slice(0, MOST_EVENTS)
    .map((event) => [String(event.seq), when(event.at), words(event.person), words(event.action)]);
  const heads = ["number", "when", "who", "what"].map((head) => say(`verifier-audit-${head}`));
  return section(
    "audit",
    say("verifier-audit"),
    el(
      "details",
      {},
      el("summary", {}, say("verifier-check-audit", { count: events.length })),
      table(heads, rows),
    ),
    events.length > MOST_EVENTS &&
      el("p", {}, say("verifier-audit-more", { count: events.length - MOST_EVENTS })),
  );
}

/** The whole disclosure. */
export function told(checked: CheckedDisclosure): (HTMLElement | null)[] {
  const { disclosure } = checked;
  const referrals = texts(disclosure.referrals);
  return [
    signers(checked.signers),
    disclosureLedger(checked),
    disclosure.case === null ? null : kase(record(disclosure.case)),
    referrals.length > 0
      ? el("div", { class: "note" }, el("h3", {}, say("verifier-referrals")), list(referrals))
      : null,
    disclosure.probe === null ? null : probe(record(disclosure.probe)),
    ...searches(disclosure),
    examination(disclosure),
    corroboration(disclosure),
    ...checked.notes.map((one, n) => note(one, n + 1)),
    audit(records(disclosure.audit)),
  ];
}
