// What the window shows and what is typed. Forms are local until they are sent; every sending waits
// for the one before, so that nothing overtakes.
import { listen } from "@tauri-apps/api/event";
import { tick } from "svelte";
import { api, asError } from "../api/api";
import { tellIn } from "../text/words";
import { Autosave } from "./autosave";
import { storing, type Form, type Forms } from "./forms";
import { destination, pointAt, shows } from "./navigation";
import { Presence } from "./presence";
import { Typing } from "./typing.svelte";
import type {
  Answer,
  BenchView,
  CandidateId,
  CaseDraft,
  CaseId,
  CaseView,
  CommandError,
  NoteView,
  Remembered,
  Progress,
  Start,
  Step,
  ViewSettings,
} from "../api/bindings";

export type Screen =
  | "loading"
  | "broken"
  | "person"
  | "cases"
  | "case"
  | "bench"
  | "note"
  | "settings"
  | "people"
  | "validity"
  | "results"
  | "retention"
  | "audit"
  | "policy";

class Session extends Typing {
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
  /** Whether a second examination was handed in just now. */
  handedIn = $state(false);
  /** Whoever sits here founded the department just now. */
  founding = $state(false);
  /** What is to be done before the first case is out of sight until somebody else sits down. */
  stepsLater = $state(false);
  step = $state<Step>("purpose");
  /** Tab of the corroboration panel. */
  tab = $state("vehicle");
  sealed = $state<NoteView | null>(null);
  /** A new case of which nothing is answered yet: it is created with its first answer. */
  blank = $state(false);
  /** What this person answered in earlier cases; offered, never filled in. */
  remembered = $state<Remembered | null>(null);

  #autosave = new Autosave<Form>({
    sending: (form) => this.#sending(form),
    failed: (thrown) => this.#unstored(thrown),
    stored: (all) => {
      this.stored = all;
    },
  });
  #turn: Promise<boolean> = Promise.resolve(true);
  /** The action that runs, done or not. */
  #acting: Promise<unknown> = Promise.resolve();
  #presence = new Presence();

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
    await this.#seated();
    // An open case may have lost a candidate; what is typed in it stays untouched.
    if (this.screen === "case" && this.view && !this.view.sealed) {
      const fresh = await api.refreshCase(this.view.id).catch(() => null);
      const before = JSON.stringify(this.view?.verification);
      if (fresh?.case && this.view?.id === fresh.case.id) {
        // A colleague elsewhere has answered: what is typed meanwhile is kept by the merge.
        if (JSON.stringify(fresh.case.verification) !== before) {
          await this.run((id) => api.refreshCase(id));
          return;
        }
        this.view.withdrawn = fresh.case.withdrawn;
        for (const shown of this.bench?.candidates ?? []) {
          shown.withdrawn = fresh.bench?.candidates.find((c) => c.id === shown.id)?.withdrawn ?? false;
        }
      }
    }
    // A sealed case may have been returned meanwhile.
    if (this.screen === "case" && this.view?.sealed) await this.run((id) => api.refreshCase(id));
  }

  /** Who may sit here can change elsewhere: whoever was taken out of the department is signed out. */
  async #seated(): Promise<void> {
    const before = this.start?.person?.id;
    const start = await api.start().catch(() => null);
    if (!start || this.start?.person?.id !== before) return;
    if (before && !start.person) {
      this.leave();
      this.#locked = this.owner = null;
      this.screen = "cases";
    }
    // News of people's records wait until their reader sits down again: nothing is put before what somebody types.
    this.take({ ...start, staff_news: before ? (this.start?.staff_news ?? []) : start.staff_news });
  }

  #active(): void {
    if (!this.start?.person || !this.#presence.active(Date.now())) return;
    void api.stillHere().catch(() => undefined);
  }

  async #lockWhenIdle(): Promise<void> {
    const minutes = this.start?.policy.lock_after_minutes ?? 15;
    if (this.start?.person && this.#presence.idle(Date.now(), minutes)) await this.lock();
  }

  /** Signs out; the case stays open for whoever signs in again, if it is the same person. */
  async lock(): Promise<void> {
    await this.flush();
    try {
      const before = this.start?.person?.id;
      this.start = await api.signOut();
      this.#locked = before ?? null;
      this.owner = null;
    } catch (thrown) {
      this.error = asError(thrown);
    }
  }

  #locked: string | null = null;
  /** Whose the open case is on this screen; nobody's while the window is locked. */
  owner = $state<string | null>(null);

  /** Who locked the window, to be named first. */
  get lockedBy(): string | null {
    return this.#locked;
  }

  /** Somebody signed in: the same person goes on where the window was locked. */
  async arrive(start: Start): Promise<void> {
    const same = start.person?.id === this.#locked && this.id !== null;
    this.#presence.begin(Date.now());
    this.error = null;
    // Before the person is known to the screens: nothing of somebody else's case is there for a moment.
    if (!same) {
      this.leave();
      this.screen = "cases";
      this.stepsLater = false;
    }
    this.owner = start.person?.id ?? null;
    this.take(start);
    if (same) await this.flush();
  }

  /** Takes over what holds for the whole window. */
  take(start: Start): void {
    this.start = start;
    // Whoever is not signed in yet has chosen nothing.
    if (start.person) this.dress(start.theme);
    document.documentElement.dataset.letters = start.letter_keys_off ? "off" : "on";
  }

  /** A new case; nothing is stored before its first answer. */
  beginCase(): void {
    this.leave();
    this.error = null;
    this.purpose = {
      case_number: "",
      offence: "",
      event_at: null,
      purpose: null,
      basis: { code: "", requested_by: "", supervisor: "", statement: "" },
      further_case: false,
    };
    this.blank = true;
    this.step = "purpose";
    this.screen = "case";
    void this.#remember();
  }

  /** A case whose purpose is training. */
  beginPractice(): void {
    this.beginCase();
    if (this.purpose) this.purpose.purpose = "training";
    this.touch("purpose");
  }

  async #remember(): Promise<void> {
    this.remembered = await api.remembered().catch(() => null);
  }

  /** Creates the case of which something was answered now. Until it is there its form stays on the screen. */
  async #create(): Promise<void> {
    if (!this.blank) return;
    const created = await api.newCase();
    if (!this.blank) return;
    this.view = created;
    this.blank = false;
  }

  /** Forgets the open case; everything of it is stored. */
  leave(): void {
    this.blank = false;
    this.view = null;
    this.bench = null;
    this.candidate = null;
    this.sealed = null;
    this.ends();
    this.#autosave.forget();
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
    tellIn(start.policy.time_zone);
    this.take(start);
    this.error = null;
    this.#presence.begin(Date.now());
    this.#locked = start.person?.id ?? null;
    this.owner = this.#locked;
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

  /** Takes over what the workstation answered. What was typed since the action began stays and is sent again. */
  #adopt(given: CaseView | Answer): void {
    const view = "bench" in given ? given.case : given;
    if (view) {
      this.view = view;
      this.#take("purpose", view.purpose);
      this.#take("origin", view.origin);
      this.#take(
        "further",
        view.further.map((f) => f.same_person),
      );
      this.#take("checklist", view.checklist);
      this.#take("note", view.note);
    }
    if ("bench" in given) {
      this.bench = given.bench;
      this.#take("analysis", given.bench?.analysis ?? null);
      this.#fillComparison();
    }
  }

  #take<F extends Form>(form: F, answered: Forms[F]): void {
    if (this.join(form, answered)) this.touch(form);
  }

  /** Whose own words are being typed. */
  #reasoned: CandidateId | null = null;

  #fillComparison(): void {
    const shown = this.bench?.candidates.find((c) => c.id === this.candidate);
    this.#take("comparison", shown?.comparison ?? null);
    this.#take("reason", shown?.conclusion?.reason ?? (shown?.id === this.#reasoned ? this.reason : ""));
    this.#reasoned = shown?.id ?? null;
  }

  /** Shows a case at the first step that is not done. */
  show(given: CaseView | Answer): void {
    this.leave();
    this.#adopt(given);
    this.error = null;
    this.step = this.view?.steps.find((s) => s.state === "open")?.step ?? "note";
    this.screen = "case";
    void this.#remember();
  }

  /** Shows a comparison that waits for this person. */
  showBench(answer: Answer): void {
    this.leave();
    this.#adopt(answer);
    this.error = null;
    this.screen = "bench";
  }

  /** Notes how the candidate is looked at; a refusal would only say that the bench was left meanwhile. */
  async logView(view: ViewSettings): Promise<void> {
    const [id, candidate] = [this.id, this.candidate];
    if (!id || !candidate || this.bench?.stage !== "blind") return;
    await this.#autosave.answered();
    await api.logView(id, candidate, view).catch(() => undefined);
  }

  /** Opens a candidate in the comparison, or goes back to the list. What was observed before is stored first. */
  async open(candidate: CandidateId | null): Promise<void> {
    if (!(await this.flush())) return;
    this.refill(["comparison", "reason"], () => {
      this.candidate = candidate;
      this.#fillComparison();
    });
    if (candidate && this.bench?.stage === "blind") await this.run((id) => api.lookAt(id, candidate));
  }

  /** Does `work`; what it is refused with is shown. */
  async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.error = asError(thrown);
    }
  }

  /** A form was changed: sends it soon. */
  touch(form: Form): void {
    this.typed(form);
    this.#autosave.touch(form);
  }

  #sending(form: Form): (() => Promise<void>) | null {
    if (this.blank) {
      return async () => {
        await this.#create();
        const id = this.id;
        if (id && this.purpose) this.view = await api.editPurpose(id, this.forms().purpose as CaseDraft);
      };
    }
    const id = this.id;
    if (!id) return null;
    const edit = storing(form, {
      id,
      forms: this.forms(),
      candidate: this.candidate,
      acting: this.#acting,
      stored: () => ({ view: this.stale ? null : this.view, bench: this.bench }),
    });
    return async () => {
      const editing = edit();
      const stale = this.stale;
      if (form === "checklist") this.stale = false;
      const given = await editing.catch((thrown: unknown) => {
        this.stale ||= stale;
        throw thrown;
      });
      if (this.id !== id) return;
      if ("bench" in given) {
        this.view = given.case ?? this.view;
        this.bench = given.bench;
      } else {
        this.view = given;
      }
    };
  }

  /** What a rule refuses is said and the record stands; everything else is sent again. */
  async #unstored(thrown: unknown): Promise<boolean> {
    const error = asError(thrown);
    if (!(await this.#shut(thrown))) this.error = error;
    return error.code !== "gaps";
  }

  /** Whether nobody is signed in any more; the screen to sign in is shown then. */
  async #shut(thrown: unknown): Promise<boolean> {
    if (asError(thrown).code !== "signed-out") return false;
    const before = this.start?.person?.id ?? this.#locked;
    this.owner = null;
    this.start = await api.start();
    this.#locked = before;
    return true;
  }

  /** Sends what is typed. Whether all of it is stored; if not, the error says why and the forms keep it. */
  flush(): Promise<boolean> {
    return this.#autosave.flush();
  }

  /** Goes to another screen once what is typed is stored. */
  async turnTo(screen: Screen): Promise<void> {
    if (await this.flush()) this.go(screen);
  }

  /** Runs one action on the case, after those begun before; a refusal is shown and nothing typed is lost. */
  run(action: (id: CaseId) => Promise<CaseView | Answer | null>): Promise<boolean> {
    const turn = this.#turn.then(() => this.#act(action));
    this.#turn = turn;
    return turn;
  }

  async #act(action: (id: CaseId) => Promise<CaseView | Answer | null>): Promise<boolean> {
    if (this.blank) this.touch("purpose");
    const before = this.id;
    if (!(await this.flush())) return false;
    const id = this.id;
    if (!id || (before && before !== id)) return false;
    this.busy = true;
    this.error = null;
    this.begins();
    try {
      const acting = action(id);
      this.#acting = acting.catch(() => undefined);
      const view = await acting;
      if (view && this.id === id) this.#adopt(view);
      return view !== null;
    } catch (thrown) {
      const error = asError(thrown);
      if (!(await this.#shut(thrown)) && error.code !== "cancelled") {
        this.error = error;
        void this.#pointAt(error);
      }
      return false;
    } finally {
      this.ends();
      this.busy = false;
      this.progress = null;
    }
  }

  /** After a refusal the cursor stands in the first field that keeps it, where this screen shows it. */
  async #pointAt(error: CommandError): Promise<void> {
    await tick();
    const first = error.gaps.find((gap) => shows(gap.place));
    if (first && this.error === error) pointAt(first.place);
  }

  /** What the refusal that is shown says of this very place. */
  refusal(place: string): string {
    return this.error?.gaps.find((gap) => gap.place === place)?.missing ?? "";
  }

  /** Saves the case note and shows it; refused with what is missing. */
  async save(): Promise<void> {
    let saved: NoteView | null = null;
    await this.run(async (id) => {
      saved = await api.saveNote(id);
      return api.refreshCase(id);
    });
    if (saved) {
      this.sealed = saved;
      this.screen = "note";
    }
  }

  /** Leads to where a gap is answered. */
  async lead(gap: { place: string }): Promise<void> {
    const to = destination(gap.place);
    if (to.step) this.step = to.step;
    const candidate = this.bench?.candidates.find((c) => c.id === to.candidate);
    if (candidate && this.candidate !== candidate.id) await this.open(candidate.id);
    if (to.tab) this.tab = to.tab;
    await tick();
    pointAt(gap.place);
  }
}

export const session = new Session();
