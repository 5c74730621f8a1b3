// How codes read on the screens.
import type {
  Agreement,
  Category,
  Conclusion,
  ContradictionAnswer,
  ContradictionItem,
  Decision,
  Details,
  Disposition,
  Finding,
  ProbeSource,
  PreparationStep,
  Purpose,
  Role,
  Similarity,
  Standing,
  Step,
  Suitability,
  Visibility,
} from "../api/bindings";

export const purposes: Record<Purpose, string> = {
  felony: "Felony",
  "misdemeanor-with-injury": "Misdemeanor with injury",
  "missing-person": "Missing person",
  "deceased-identification": "Naming a deceased person",
  "unable-to-identify-self": "Person unable to say who they are",
  "imminent-threat": "Imminent threat to life",
  training: "Training",
};

export const sources: Record<ProbeSource, string> = {
  "fixed-camera-still": "Still from a fixed camera",
  "witness-photo": "Photograph by a witness",
  "social-media-post": "Social-media post",
  "id-document": "Identity document",
  deceased: "Deceased person",
  "other-still": "Other still photograph",
  "live-video": "Live video",
  "body-worn-video": "Body-worn camera",
  sketch: "Sketch",
  composite: "Composite",
  "look-alike": "Look-alike",
  "generated-or-edited": "Generated or face-edited",
};

export const steps: Record<Step, string> = {
  purpose: "Purpose",
  probe: "Probe",
  search: "Search",
  examine: "Examine",
  verify: "Verify",
  corroborate: "Corroborate",
  note: "Note",
};

export const conclusions: Record<Conclusion, string> = {
  support: "Support",
  "limited-support": "Limited support",
  inconclusive: "Inconclusive",
  exclusion: "Exclusion",
};

export const visibilities: Record<Visibility, string> = {
  clear: "clear",
  partly: "partly",
  "not-visible": "not visible",
};

export const suitabilities: Record<Suitability, string> = {
  suitable: "suitable",
  limited: "limited",
  unsuitable: "unsuitable",
};

export const similarities: Record<Similarity, string> = {
  similar: "similar",
  different: "different",
  "cannot-tell": "can't tell",
};

export const decisions: Record<Decision, { name: string; done: string; means: string }> = {
  approve: {
    name: "Approve",
    done: "Approved",
    means: "The note stands. A lead may be handed on, as a lead.",
  },
  return: { name: "Return", done: "Returned", means: "Back to the author as a draft, with what is wrong." },
  refer: { name: "Refer to audit", done: "Referred to audit", means: "An auditor looks at it first." },
};

export const agreements: Record<Agreement, string> = {
  agrees: "Both examinations support the lead.",
  "disagrees-on-lead": "The second examination does not support the lead.",
  "supports-another": "The second examination supports another candidate too.",
};

export const roles: Record<Role, { name: string; means: string }> = {
  examiner: {
    name: "Examiner",
    means: "Opens cases, searches, compares, verifies others' leads, writes notes.",
  },
  supervisor: { name: "Supervisor", means: "Reads and reviews sealed notes." },
  auditor: { name: "Auditor", means: "Reads the audit log." },
  administrator: { name: "Administrator", means: "Keeps people and the gallery's address. Sees no case." },
};

export const categories: Record<Category, string> = {
  vehicle: "Vehicle information",
  witness: "Witness statements",
  "open-source-media": "Open-source media",
  phone: "Phone records",
  location: "Location records",
  "physical-evidence": "Physical evidence",
  alibi: "Alibi",
};

export const mandatory: Category[] = ["vehicle", "witness", "open-source-media"];
export const furtherKinds: Category[] = ["phone", "location", "physical-evidence", "alibi"];

/** The category that an entry answers. */
export function categoryOf(details: Details): Category {
  return details.category === "media" ? "open-source-media" : details.category;
}

export const findings: Record<Finding, string> = {
  supports: "Supports",
  contradicts: "Contradicts",
  inconclusive: "Inconclusive",
  "sought-not-found": "Sought, not found",
};

export const items: Record<ContradictionItem, string> = {
  height: "Height",
  weight: "Weight",
  age: "Age",
  marks: "Scars, marks, tattoos",
  "physical-condition": "Physical condition",
  custody: "Custody at the time",
  "known-location": "Known location at the time",
};

export const answers: Record<ContradictionAnswer, string> = {
  consistent: "Consistent",
  contradicts: "Contradicts",
  "not-known": "Not known",
};

export const dispositions: Record<Disposition, { name: string; means: string }> = {
  "no-candidate": {
    name: "No candidate",
    means: "None of these. The search gave nothing, and the note says so: it must be disclosed.",
  },
  excluded: { name: "Excluded", means: "Examination or evidence excludes the candidate. Say what excludes." },
  "lead-not-corroborated": {
    name: "Lead, not corroborated",
    means: "All three categories answered, without sufficient independent support.",
  },
  "lead-corroborated": {
    name: "Lead, corroborated",
    means: "Two independent supports from two categories, nothing unresolved, verified by a second examiner.",
  },
};

export function standingWords(standing: Standing): string {
  switch (standing.kind) {
    case "independent":
      return "Counts as independent support";
    case "open":
      return "Nothing is said of it before its last question is answered";
    case "not-counted":
      return "Supports, but does not count";
    case "contaminated":
      return "Contaminated: never counts as support";
    case "against":
      return "Speaks against the lead";
    case "neutral":
      return "Answers the category, supports nothing";
  }
}

export function stepWords(step: PreparationStep): string {
  switch (step.kind) {
    case "rotate":
      return `Turned ${step.degrees.toFixed(1)}° clockwise`;
    case "crop":
      return `Cropped to ${String(step.width)} × ${String(step.height)} pixels`;
    case "tone":
      return `Brightness ${step.brightness.toFixed(2)}, contrast ${step.contrast.toFixed(2)}, gamma ${step.gamma.toFixed(2)}`;
  }
}

export function entriesOf<K extends string, V>(record: Record<K, V>): [K, V][] {
  return Object.entries(record) as [K, V][];
}

const two = (n: number): string => String(n).padStart(2, "0");

/** An RFC 3339 instant as local time, `2026-03-01 21:40`; empty for none. */
export function localTime(moment: string | null): string {
  if (!moment) return "";
  const d = new Date(moment);
  if (Number.isNaN(d.getTime())) return "";
  const day = `${String(d.getFullYear())}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
  return `${day} ${two(d.getHours())}:${two(d.getMinutes())}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What writes moments in a zone; it is dear to make, and every list of records writes many. */
function formatIn(timeZone: string): Intl.DateTimeFormat {
  const made =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat("en-US", {
      timeZone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      timeZoneName: "short",
    });
  formats.set(timeZone, made);
  return made;
}

let zone = "UTC";

/** Sets the zone in which times are told: the department's, as its policy names it. */
export function tellIn(name: string): void {
  zone = name;
}

/**
 * A moment as records and papers tell it (`Moment::in_zone`): the local time with its zone, UTC in brackets,
 * `2026-10-28 10:05 PDT (17:05 UTC)`.
 */
export function told(moment: string | null): string {
  if (!moment) return "";
  const at = new Date(moment);
  if (Number.isNaN(at.getTime())) return "";
  const parts = (timeZone: string): Record<string, string> =>
    Object.fromEntries(
      formatIn(timeZone)
        .formatToParts(at)
        .map((p) => [p.type, p.value]),
    );
  const written = (p: Record<string, string>): [string, string] => [
    `${p["year"] ?? ""}-${p["month"] ?? ""}-${p["day"] ?? ""}`,
    `${p["hour"] ?? ""}:${p["minute"] ?? ""}`,
  ];
  const local = parts(zone);
  const [day, time] = written(local);
  const [utcDay, utcTime] = written(parts("UTC"));
  if (local["timeZoneName"] === "UTC") return `${day} ${time} UTC`;
  return `${day} ${time} ${local["timeZoneName"] ?? ""} (${utcDay === day ? "" : `${utcDay} `}${utcTime} UTC)`;
}

/**
 * What was typed as local time, with the year where it was left out: of `3/1 21:40` the last such day that is past, of
 * `21:40` the day of `near`.
 */
function whole(text: string, near: string | null, now: Date): string {
  const alone = /^(\d{1,2}:\d{2})$/.exec(text);
  if (alone) return near ? `${localTime(near).slice(0, 10)} ${alone[1] ?? ""}` : "";
  const short = /^(\d{1,2})[-/](\d{1,2})[ T]+(\d{1,2}:\d{2})$/.exec(text);
  if (!short) return text;
  const [, month, day, time] = short as unknown as [string, string, string, string];
  const past = new Date(now.getFullYear(), Number(month) - 1, Number(day)) <= now;
  return `${String(now.getFullYear() - (past ? 0 : 1))}-${month}-${day} ${time}`;
}

/** What was typed as local time, as RFC 3339 in UTC; null when it is no time. `near` is the day that is meant without one. */
export function fromLocal(text: string, near: string | null = null, now = new Date()): string | null {
  const parts = /^(\d{4})-(\d{1,2})-(\d{1,2})[ T]+(\d{1,2}):(\d{2})$/.exec(whole(text.trim(), near, now));
  if (!parts) return null;
  const [year, month, day, hour, minute] = parts.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const d = new Date(year, month - 1, day, hour, minute);
  const same = d.getMonth() === month - 1 && d.getDate() === day && d.getHours() === hour;
  return same && minute < 60 ? d.toISOString().replace(/\.\d+Z$/, "Z") : null;
}

/** A part of plain structured text: a heading after `# `, list items after `- `, paragraphs between empty lines. */
export type TypedPart = { kind: "heading" | "text"; text: string } | { kind: "list"; items: string[] };

export function typedParts(text: string): TypedPart[] {
  const parts: TypedPart[] = [];
  let fresh = true;
  for (const raw of text.split("\n")) {
    const line = raw.trimEnd();
    const last = parts.at(-1);
    if (line.trim() === "") {
      fresh = true;
    } else if (line.startsWith("# ")) {
      parts.push({ kind: "heading", text: line.slice(2) });
      fresh = true;
    } else if (line.startsWith("- ")) {
      if (!fresh && last?.kind === "list") last.items.push(line.slice(2));
      else parts.push({ kind: "list", items: [line.slice(2)] });
      fresh = false;
    } else {
      if (!fresh && last?.kind === "text") last.text += `\n${line}`;
      else parts.push({ kind: "text", text: line });
      fresh = false;
    }
  }
  return parts;
}

/** A size for people. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${String(bytes)} bytes`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(0)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** Whether a file of this name can be shown as a picture. */
export const hasPreview = (name: string): boolean =>
  /\.(jpe?g|png|webp|gif|bmp|tiff?|heic|avif|pdf)$/i.test(name);
