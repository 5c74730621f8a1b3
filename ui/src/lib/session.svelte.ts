// What the window shows and what is typed. Forms are local until they are sent; every sending waits
// for the one before, so that nothing overtakes.
import { listen } from "@tauri-apps/api/event";
import { tick } from "svelte";
import { api, asError } from "./api";
import { furtherKinds } from "./words";
import type {
  Answer,
  BenchView,
  CandidateId,
  CaseDraft,
  CaseId,
  CaseView,
  Category,
  Checklist,
  CommandError,
  Comparison,
  NoteForm,
  NoteView,
  ProbeAnalysis,
  ProbeOrigin,
  Progress,
  Start,
  Step,
  ViewSettings,
} from "./bindings";

export type Screen =
  "loading" | "broken" | "person" | "cases" | "case" | "bench" | "note" | "settings" | "people";
type Form = "purpose" | "origin" | "further" | "analysis" | "comparison" | "reason" | "checklist" | "note";

const stepOf: Record<string, Step> = {
  purpose: "purpose",
  probe: "probe",
  further: "probe",
  search: "search",
  preparation: "probe",
  analysis: "examine",
  examination: "examine",
  verification: "verify",
  vehicle: "corroborate",
  witness: "corroborate",
  "open-source-media": "corroborate",
  phone: "corroborate",
  location: "corroborate",
  "physical-evidence": "corroborate",
  alibi: "corroborate",
  panel: "corroborate",
  disposition: "note",
  note: "note",
};

class Session {
  screen = $state<Screen>("loading");
  start = $state<Start | null>(null);
  error = $state<CommandError | null>(null);
  progress = $state<Progress | null>(null);
  busy = $state(false);
  /** Whether all that was typed is stored; what is missing may still change until then. */
  stored = $state(true);

  view = $state<CaseView | null>(null);
  /** The comparison bench of whoever is signed in: of the open case, or a verification. */
  bench = $state<BenchView | null>(null);
  /** The candidate that is compared; none while the list is shown. */
  candidate = $state<CandidateId | null>(null);
  /** What stands beside the images: the components, or the corroboration. */
  aside = $state<"components" | "corroboration">("corroboration");
  step = $state<Step>("purpose");
  /** Tab of the corroboration panel. */
  tab = $state("vehicle");
  sealed = $state<NoteView | null>(null);

  purpose = $state<CaseDraft | null>(null);
  origin = $state<ProbeOrigin | null>(null);
  /** Why each further photograph shows the same person. */
  further = $state<string[]>([]);
  analysis = $state<ProbeAnalysis | null>(null);
  comparison = $state<Comparison | null>(null);
  /** The examiner's own words on the candidate. */
  reason = $state("");
  checklist = $state<Checklist | null>(null);
  note = $state<NoteForm | null>(null);

  #queue: Promise<void> = Promise.resolve();
  #turn: Promise<boolean> = Promise.resolve(true);
  #timers = new Map<Form, ReturnType<typeof setTimeout>>();
  /** Forms that could not be sent because nobody was signed in. */
  #unsent = new Set<Form>();
  #here = 0;

  get id(): CaseId | null {
    return this.view?.id ?? this.bench?.case ?? null;
  }

  async begin(): Promise<void> {
    await listen<Progress>("progress", (event) => {
      if (this.busy) this.progress = event.payload;
    });
    await listen("exchanged", () => void this.#exchanged());
    await this.load();
    for (const kind of ["pointerdown", "keydown", "wheel"]) {
      window.addEventListener(kind, () => this.#active(), { passive: true });
    }
    setInterval(() => void this.#lockWhenIdle(), 5000);
  }

  /** Counts what came in or left by the exchange; lists read themselves anew then. */
  exchanged = $state(0);

  async #exchanged(): Promise<void> {
    this.exchanged += 1;
    // An open case may have lost a candidate; what is typed in it stays untouched.
    if (this.screen === "case" && this.view && !this.view.sealed) {
      const fresh = (await api.openCase(this.view.id).catch(() => null))?.case;
      if (fresh && this.view?.id === fresh.id) this.view.withdrawn = fresh.withdrawn;
    }
    // A sealed case may have been returned meanwhile.
    if (this.screen === "case" && this.view?.sealed) await this.run((id) => api.openCase(id));
  }

  #active(): void {
    const now = Date.now();
    if (!this.start?.person || now - this.#here < 20_000) return;
    this.#here = now;
    void api.stillHere().catch(() => undefined);
  }

  async #lockWhenIdle(): Promise<void> {
    const limit = (this.start?.policy.lock_after_minutes ?? 15) * 60_000;
    if (this.start?.person && this.#here > 0 && Date.now() - this.#here > limit) await this.lock();
  }

  /** Signs out; the case stays open for whoever signs in again, if it is the same person. */
  async lock(): Promise<void> {
    await this.flush();
    try {
      const before = this.start?.person?.id;
      this.start = await api.signOut();
      this.#locked = before ?? null;
    } catch (thrown) {
      this.error = asError(thrown);
    }
  }

  #locked: string | null = null;

  /** Who locked the window, to be named first. */
  get lockedBy(): string | null {
    return this.#locked;
  }

  /** Somebody signed in: the same person goes on where the window was locked. */
  async arrive(start: Start): Promise<void> {
    const same = start.person?.id === this.#locked && this.id !== null;
    this.#here = Date.now();
    this.start = start;
    this.error = null;
    if (same) {
      const unsent = [...this.#unsent];
      this.#unsent.clear();
      for (const form of unsent) this.#send(form);
      await this.#queue;
      return;
    }
    this.leave();
    this.#unsent.clear();
    this.screen = "cases";
  }

  /** Forgets the open case; everything of it is stored. */
  leave(): void {
    this.view = null;
    this.bench = null;
    this.candidate = null;
    this.sealed = null;
  }

  async load(): Promise<void> {
    try {
      this.welcome(await api.start());
    } catch (thrown) {
      this.error = asError(thrown);
      this.screen = "broken";
    }
  }

  welcome(start: Start): void {
    this.start = start;
    this.error = null;
    this.dress(start.theme);
    this.#here = Date.now();
    this.#locked = start.person?.id ?? null;
    this.screen = start.people.length ? "cases" : "person";
  }

  dress(theme: string): void {
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
  }

  go(screen: Screen): void {
    this.error = null;
    this.screen = screen;
  }

  #adopt(given: CaseView | Answer): void {
    if ("bench" in given) {
      if (given.case) this.#adoptCase(given.case);
      this.bench = given.bench;
      this.analysis = given.bench ? $state.snapshot(given.bench.analysis) : null;
      this.#fillComparison();
    } else {
      this.#adoptCase(given);
    }
  }

  /** Whose own words are being typed. */
  #reasoned: CandidateId | null = null;

  #fillComparison(): void {
    const shown = this.bench?.candidates.find((c) => c.id === this.candidate);
    this.comparison = shown ? $state.snapshot(shown.comparison) : null;
    this.reason = shown?.conclusion?.reason ?? (shown?.id === this.#reasoned ? this.reason : "");
    this.#reasoned = shown?.id ?? null;
  }

  #adoptCase(view: CaseView): void {
    this.view = view;
    this.purpose = $state.snapshot(view.purpose);
    this.origin = $state.snapshot(view.origin);
    this.further = view.further.map((f) => f.same_person);
    this.checklist = $state.snapshot(view.checklist);
    this.note = $state.snapshot(view.note);
  }

  /** Shows a case at the first step that is not done. */
  show(given: CaseView | Answer): void {
    this.leave();
    this.#adopt(given);
    this.error = null;
    this.step = this.view?.steps.find((s) => s.state === "open")?.step ?? "note";
    this.screen = "case";
  }

  /** Shows a comparison that waits for this person. */
  showBench(answer: Answer): void {
    this.leave();
    this.#adopt(answer);
    this.error = null;
    this.aside = "components";
    this.screen = "bench";
  }

  /** Notes how the candidate is looked at; a refusal would only say that the bench was left meanwhile. */
  async logView(view: ViewSettings): Promise<void> {
    const [id, candidate] = [this.id, this.candidate];
    if (!id || !candidate || this.bench?.stage !== "blind") return;
    await this.#queue;
    await api.logView(id, candidate, view).catch(() => undefined);
  }

  /** Opens a candidate in the comparison, or goes back to the list. What was observed before is stored first. */
  async open(candidate: CandidateId | null): Promise<void> {
    await this.flush();
    this.candidate = candidate;
    this.#fillComparison();
    this.aside = candidate ? "components" : "corroboration";
    if (candidate && this.bench?.stage === "blind") await this.run((id) => api.lookAt(id, candidate));
  }

  /** A form was changed: sends it soon. */
  touch(form: Form): void {
    this.stored = false;
    clearTimeout(this.#timers.get(form));
    this.#timers.set(
      form,
      setTimeout(() => {
        this.#send(form);
      }, 250),
    );
  }

  #send(form: Form): void {
    clearTimeout(this.#timers.get(form));
    this.#timers.delete(form);
    const id = this.id;
    if (!id) return;
    const sent = this.#queue.then(async () => {
      try {
        const given = await this.#edit(form, id);
        if ("bench" in given) {
          this.view = given.case ?? this.view;
          this.bench = given.bench;
        } else {
          this.view = given;
        }
      } catch (thrown) {
        if (!(await this.#shut(thrown))) this.error = asError(thrown);
        else this.#unsent.add(form);
      }
      this.stored = this.#timers.size === 0 && this.#queue === sent;
    });
    this.#queue = sent;
  }

  /** Whether nobody is signed in any more; the screen to sign in is shown then. */
  async #shut(thrown: unknown): Promise<boolean> {
    if (asError(thrown).code !== "signed-out") return false;
    const before = this.start?.person?.id ?? this.#locked;
    this.start = await api.start();
    this.#locked = before;
    return true;
  }

  #edit(form: Form, id: CaseId): Promise<CaseView | Answer> {
    switch (form) {
      case "analysis":
        return api.editAnalysis(id, $state.snapshot(this.analysis) as ProbeAnalysis);
      case "comparison":
        return api.compare(id, this.candidate as CandidateId, $state.snapshot(this.comparison) as Comparison);
      case "purpose":
        return api.editPurpose(id, $state.snapshot(this.purpose) as CaseDraft);
      case "origin":
        return api.editOrigin(id, $state.snapshot(this.origin) as ProbeOrigin);
      case "further":
        return api.editFurther(id, $state.snapshot(this.further));
      case "reason": {
        const [candidate, reason] = [this.candidate, this.reason];
        const concluded = this.bench?.candidates.find((c) => c.id === candidate)?.conclusion;
        // Without a conclusion there is nothing yet that it explains; it goes along with the conclusion.
        return candidate && concluded
          ? api.concludeOn(id, candidate, concluded.conclusion, reason)
          : Promise.resolve({ case: this.view, bench: this.bench });
      }
      case "checklist":
        return api.editChecklist(id, $state.snapshot(this.checklist) as Checklist);
      case "note":
        return api.editNote(id, $state.snapshot(this.note) as NoteForm);
    }
  }

  /** Sends what is typed and waits until all of it is stored. */
  async flush(): Promise<void> {
    for (const form of [...this.#timers.keys()]) this.#send(form);
    await this.#queue;
  }

  /** Runs one action on the case, after those begun before; a refusal is shown and nothing typed is lost. */
  run(action: (id: CaseId) => Promise<CaseView | Answer | null>): Promise<boolean> {
    const turn = this.#turn.then(() => this.#act(action));
    this.#turn = turn;
    return turn;
  }

  async #act(action: (id: CaseId) => Promise<CaseView | Answer | null>): Promise<boolean> {
    await this.flush();
    const id = this.id;
    if (!id) return false;
    this.busy = true;
    this.error = null;
    try {
      const view = await action(id);
      if (view) this.#adopt(view);
      return view !== null;
    } catch (thrown) {
      const error = asError(thrown);
      if (!(await this.#shut(thrown)) && error.code !== "cancelled") this.error = error;
      return false;
    } finally {
      this.busy = false;
      this.progress = null;
    }
  }

  /** Saves the case note and shows it; refused with what is missing. */
  async save(): Promise<void> {
    let saved: NoteView | null = null;
    await this.run(async (id) => {
      saved = await api.saveNote(id);
      return api.openCase(id);
    });
    if (saved) {
      this.sealed = saved;
      this.screen = "note";
    }
  }

  /** Leads to where a gap is answered. */
  async lead(gap: { place: string }): Promise<void> {
    const first = gap.place.split(".")[0] ?? "";
    const step = stepOf[first];
    if (step) this.step = step;
    if (first === "analysis") this.aside = "components";
    const named = gap.place.split(".")[1] ?? "";
    const candidate = first === "examination" && this.bench?.candidates.find((c) => c.id === named);
    if (candidate && this.candidate !== candidate.id) await this.open(candidate.id);
    if (step === "corroborate") this.tab = furtherKinds.includes(first as Category) ? "further" : first;
    await tick();
    let place = gap.place;
    let found: HTMLElement | null = null;
    while (place && !found) {
      found = document.querySelector<HTMLElement>(`[data-place="${CSS.escape(place)}"]`);
      place = place.includes(".") ? place.slice(0, place.lastIndexOf(".")) : "";
    }
    if (!found) return;
    const target = found;
    target.scrollIntoView({ block: "center" });
    target.classList.add("flash");
    setTimeout(() => {
      target.classList.remove("flash");
    }, 1600);
    const inside = target.matches("input,textarea,select,button")
      ? target
      : target.querySelector<HTMLElement>("input,textarea,select,button");
    inside?.focus();
  }
}

export const session = new Session();
