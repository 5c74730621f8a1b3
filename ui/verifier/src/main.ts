// The page: a file is chosen, dropped or enclosed; it is checked, and what holds is shown.
import { sha256 as digest } from "@noble/hashes/sha2.js";
import { cut, el, facts, list, mono, section } from "./dom";
import { checkDisclosure } from "./disclosure";
import type { CheckedDisclosure } from "./disclosure";
import { record, records, words } from "./gates/parts";
import type { Record_ } from "./json";
import { MOST } from "./json";
import { Key, hexOf } from "./keys";
import { checkNote } from "./note";
import type { CheckedNote } from "./note";
import { Refused } from "./refused";
import { inZone, ledger as toldLedger, note as toldNote, person, signers, told, when } from "./told";
import "./verifier.css";
import { say, why } from "./words";

const page = document.getElementById("page") as HTMLElement;
document.title = say("verifier-title");

const finding = el("div", { "aria-live": "polite", "data-test": "finding" });
const content = el("div", { id: "content" });
const input = el("input", {
  type: "file",
  accept: ".json,application/json",
  id: "file",
  "data-test": "file",
});
const rootInput = el("input", { id: "root", spellcheck: "false", autocomplete: "off", "data-test": "root" });

/** What is open: its text, and whether it came in this page. */
let open: { text: string; enclosed: boolean } | undefined;

type Checked = { kind: "disclosure"; of: CheckedDisclosure } | { kind: "note"; of: CheckedNote };

/** The root key that was typed; nothing where none was. */
function rootTyped(): string | undefined {
  const typed = rootInput.value.replace(/\s/g, "").toLowerCase();
  if (typed === "") return undefined;
  try {
    return Key.read(typed).hex;
  } catch {
    throw new Refused("key", "verifier-root-malformed");
  }
}

function check(text: string): Checked {
  const root = rootTyped();
  // Which of the two it is, its own reader finds out.
  if (/"format":"corroborate\.note-file\.v\d+"/.test(text))
    return { kind: "note", of: checkNote(text, root) };
  return { kind: "disclosure", of: checkDisclosure(text, root) };
}

function unchecked(checked: Checked): string[] {
  const { of } = checked;
  const all: string[] = [];
  if (of.root === undefined) all.push(say("verifier-unchecked-nobody"));
  else if (rootInput.value.trim() === "") all.push(say("verifier-unchecked-root"));
  for (const one of of.unsigned) {
    all.push(
      say("verifier-unchecked-unsigned", {
        what: say(`verifier-stated-${one.stated}`),
        name: words(one.person.name),
      }),
    );
  }
  const witnessed = of.logged.some(({ seen }) => seen.length > 0);
  all.push(say(witnessed ? "verifier-unchecked-witnessed" : "verifier-unchecked-moments"));
  if (checked.kind === "disclosure") {
    if (checked.of.disclosure.probe !== null) all.push(say("verifier-unchecked-pictures"));
    if (records(checked.of.disclosure.searches).length > 0) all.push(say("verifier-unchecked-lists"));
    all.push(say("verifier-unchecked-events"));
  }
  all.push(say("verifier-unchecked-rules"), say("verifier-unchecked-words"));
  return all;
}

function made(checked: Checked): string[] {
  const { of } = checked;
  const all = ["verifier-check-form", "verifier-check-seal", "verifier-check-gates"].map((code) => say(code));
  if (checked.kind === "disclosure") {
    const { disclosure, notes } = checked.of;
    all.push(say("verifier-check-notes", { count: notes.length }));
    all.push(say("verifier-check-audit", { count: records(disclosure.audit).length }));
  }
  if (of.logged.length > 0) all.push(say("verifier-check-ledger", { count: of.logged.length }));
  if (of.root !== undefined) all.push(say("verifier-check-people", { count: of.signers.length }));
  return all;
}

/** Every photograph and file that the record names, by its SHA-256. */
function pictures(disclosure: Record_): Map<string, string> {
  const known = new Map<string, string>();
  for (const entry of records(record(disclosure.corroboration).entries)) {
    for (const file of records(entry.attachments))
      known.set(words(file.sha256), say("verifier-photograph-attachment"));
  }
  if (disclosure.probe === null) return known;
  const probe = record(disclosure.probe);
  for (const one of records(probe.further)) {
    known.set(words(record(one.image).sha256), say("verifier-photograph-further"));
  }
  return known.set(words(record(probe.image).sha256), say("verifier-photograph-probe"));
}

function photographs(disclosure: Record_): HTMLElement {
  const known = pictures(disclosure);
  const found = el("div", { class: "pictures", "aria-live": "polite" });
  const choose = el("input", { type: "file", multiple: "", id: "pictures", "data-test": "pictures" });
  const look = async (files: File[]): Promise<void> => {
    found.replaceChildren();
    for (const file of files.slice(0, 100)) {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const sha256 = hexOf(digest(bytes));
      const what = known.get(sha256);
      const text = what
        ? say("verifier-photograph-known", { name: file.name, what })
        : say("verifier-photograph-unknown", { name: file.name, sha256 });
      const figure = el("figure", { class: what ? "known" : "unknown" }, el("figcaption", {}, text));
      if (what && /^image\/(jpeg|png|webp|avif)$/.test(file.type)) {
        const image = el("img", { alt: what });
        image.src = URL.createObjectURL(new Blob([bytes], { type: file.type }));
        figure.prepend(image);
      }
      found.append(figure);
    }
  };
  choose.addEventListener("change", () => void look([...(choose.files ?? [])]));
  return section(
    "photographs",
    say("verifier-photographs"),
    el(
      "p",
      { class: "row no-print" },
      el("label", { for: "pictures" }, say("verifier-photographs-label")),
      choose,
    ),
    found,
  );
}

function department(root: string | undefined, beside: HTMLElement | null = null): HTMLElement | null {
  if (root === undefined) return beside;
  const compare = el("button", { type: "submit", "data-test": "compare" }, say("verifier-root-button"));
  const form = el(
    "form",
    { class: "row no-print" },
    el("label", { for: "root" }, say("verifier-root-label")),
    rootInput,
    compare,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
  const same =
    rootInput.value.trim() !== "" &&
    el("p", { class: "good", "data-test": "same" }, say("verifier-root-same"));
  return section(
    "department",
    say("verifier-department"),
    beside,
    facts([say("verifier-root-own"), mono(root)]),
    same,
    form,
  );
}

function holds(checked: Checked): void {
  const { of } = checked;
  const partly = of.unsigned.length > 0;
  const title = partly ? say("verifier-holds-partly", { count: of.unsigned.length }) : say("verifier-holds");
  finding.replaceChildren(
    el(
      "div",
      { class: `finding ${partly ? "partly" : "good"}`, "data-test": "holds" },
      el("h2", {}, title),
      el("p", {}, say("verifier-holds-more")),
      open?.enclosed ? el("p", {}, say("verifier-enclosed")) : "",
      el(
        "div",
        { class: "columns" },
        el("div", {}, el("h3", {}, say("verifier-checked")), list(made(checked), { class: "ticks" })),
        el(
          "div",
          {},
          el("h3", {}, say("verifier-unchecked")),
          list(unchecked(checked), { class: "open", "data-test": "unchecked" }),
        ),
      ),
    ),
  );
  if (checked.kind === "note") {
    const { proven } = checked.of;
    inZone(words(proven.note.time_zone));
    content.replaceChildren(
      ...[
        el("p", { class: "statement" }, words(proven.note.statement)),
        department(of.root),
        signers(of.signers),
        toldLedger(checked.of),
        toldNote(proven, 1),
      ].filter((one) => one !== null),
    );
    return;
  }
  const { disclosure, sha256, key } = checked.of;
  inZone(words(disclosure.time_zone));
  const statement = [
    el("p", { class: "statement" }, words(disclosure.statement)),
    el("p", {}, words(disclosure.use_of_face_recognition)),
  ];
  const head = facts(
    [
      say("verifier-made-label"),
      say("verifier-made", { at: when(disclosure.produced_at), name: person(disclosure.produced_by) }),
    ],
    [say("verifier-sha256"), mono(sha256)],
    [say("verifier-workstation"), mono(key)],
  );
  const all = [...statement, department(of.root, head), ...told(checked.of), photographs(disclosure)];
  content.replaceChildren(...all.filter((one) => one !== null));
}

function refused(e: Refused): void {
  finding.replaceChildren(
    el(
      "div",
      { class: "finding bad", "data-test": "refused", "data-reason": e.reason },
      el("h2", {}, say("verifier-refused")),
      el("p", {}, el("strong", {}, say("verifier-because", { why: cut(why(e)) }))),
      el("p", {}, say("verifier-refused-more")),
      el("p", { class: "soft" }, say("verifier-reason", { reason: e.reason })),
    ),
  );
  // The root key stays at hand: another one may have been meant.
  const known = e.code === "verifier-other-root" ? String(e.args.root) : undefined;
  content.replaceChildren(...[department(known)].filter((one) => one !== null));
}

function show(): void {
  const { text } = open ?? { text: "" };
  try {
    holds(check(text));
  } catch (e) {
    // What nobody thought of is no reason to believe a file.
    refused(e instanceof Refused ? e : new Refused("unread", "verifier-unreadable", { name: "" }));
  }
}

/** Lets the page say that it is at work before it is. */
function checkSoon(text: string, enclosed: boolean): void {
  open = { text, enclosed };
  finding.replaceChildren(el("p", { class: "soft" }, say("verifier-checking")));
  content.replaceChildren();
  setTimeout(show, 20);
}

async function take(file: File): Promise<void> {
  const name = file.name.slice(0, 120);
  const tooLong = file.size > MOST + 1;
  try {
    if (tooLong) {
      throw new Refused("too-large", "verifier-too-long", {
        name,
        megabytes: Math.ceil(file.size / 2 ** 20),
      });
    }
    const bytes = await file.arrayBuffer();
    let text: string;
    try {
      text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw new Refused("not-text", "verifier-not-utf8");
    }
    checkSoon(text, false);
  } catch (e) {
    open = undefined;
    refused(e instanceof Refused ? e : new Refused("unread", "verifier-unreadable", { name }));
  }
}

input.addEventListener("change", () => {
  const file = input.files?.[0];
  if (file) void take(file);
  // The same file may be chosen again.
  input.value = "";
});
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  const file = event.dataTransfer?.files[0];
  if (file) void take(file);
});
// On paper all of it stands there.
window.addEventListener("beforeprint", () =>
  document.querySelectorAll("details").forEach((one) => (one.open = true)),
);

page.append(
  el(
    "header",
    {},
    el("h1", {}, say("verifier-title")),
    el("p", { class: "lede" }, say("verifier-lede")),
    el(
      "p",
      { class: "row choose no-print" },
      el("label", { for: "file", class: "button" }, say("verifier-choose")),
      input,
      el("span", { class: "soft" }, say("verifier-choose-hint")),
    ),
  ),
  finding,
  content,
);

const enclosed =
  (document.getElementById("disclosure") as HTMLTemplateElement | null)?.content.textContent ?? "";
if (enclosed.trim() !== "") checkSoon(enclosed, true);
else finding.append(el("p", { class: "soft", "data-test": "none" }, say("verifier-none")));
