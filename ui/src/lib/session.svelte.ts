// What the window shows and what is typed. Forms are local until they are sent; every sending waits
// for the one before, so that nothing overtakes.
import { listen } from "@tauri-apps/api/event";
import { tick } from "svelte";
import { api, asError } from "./api";
import type {
  CaseDraft,
  CaseId,
  CaseView,
  Checklist,
  CommandError,
  Gap,
  NoteForm,
  NoteView,
  ProbeOrigin,
  Progress,
  Start,
  Step,
} from "./bindings";

export type Screen = "loading" | "broken" | "person" | "cases" | "case" | "note" | "settings";
type Form = "purpose" | "origin" | "further" | "checklist" | "note";

const stepOf: Record<string, Step> = {
  purpose: "purpose",
  probe: "probe",
  further: "probe",
  search: "search",
  examination: "examine",
  verification: "examine",
  vehicle: "corroborate",
  witness: "corroborate",
  "open-source-media": "corroborate",
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
  step = $state<Step>("purpose");
  /** Tab of the corroboration panel. */
  tab = $state("vehicle");
  sealed = $state<NoteView | null>(null);

  purpose = $state<CaseDraft | null>(null);
  origin = $state<ProbeOrigin | null>(null);
  /** Why each further photograph shows the same person. */
  further = $state<string[]>([]);
  checklist = $state<Checklist | null>(null);
  note = $state<NoteForm | null>(null);

  #queue: Promise<void> = Promise.resolve();
  #turn: Promise<boolean> = Promise.resolve(true);
  #timers = new Map<Form, ReturnType<typeof setTimeout>>();

  async begin(): Promise<void> {
    await listen<Progress>("progress", (event) => {
      if (this.busy) this.progress = event.payload;
    });
    await this.load();
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
    this.screen = start.person ? "cases" : "person";
  }

  dress(theme: string): void {
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
  }

  go(screen: Screen): void {
    this.error = null;
    this.screen = screen;
  }

  #adopt(view: CaseView): void {
    this.view = view;
    this.purpose = $state.snapshot(view.purpose);
    this.origin = $state.snapshot(view.origin);
    this.further = view.further.map((f) => f.same_person);
    this.checklist = $state.snapshot(view.checklist);
    this.note = $state.snapshot(view.note);
  }

  /** Shows a case at the first step that is not done. */
  show(view: CaseView): void {
    this.#adopt(view);
    this.error = null;
    this.step = view.steps.find((s) => s.state === "open")?.step ?? "note";
    this.screen = "case";
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
    const id = this.view?.id;
    if (!id) return;
    const sent = this.#queue.then(async () => {
      try {
        this.view = await this.#edit(form, id);
      } catch (thrown) {
        this.error = asError(thrown);
      }
      this.stored = this.#timers.size === 0 && this.#queue === sent;
    });
    this.#queue = sent;
  }

  #edit(form: Form, id: CaseId): Promise<CaseView> {
    switch (form) {
      case "purpose":
        return api.editPurpose(id, $state.snapshot(this.purpose) as CaseDraft);
      case "origin":
        return api.editOrigin(id, $state.snapshot(this.origin) as ProbeOrigin);
      case "further":
        return api.editFurther(id, $state.snapshot(this.further));
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
  run(action: (id: CaseId) => Promise<CaseView | null>): Promise<boolean> {
    const turn = this.#turn.then(() => this.#act(action));
    this.#turn = turn;
    return turn;
  }

  async #act(action: (id: CaseId) => Promise<CaseView | null>): Promise<boolean> {
    await this.flush();
    const id = this.view?.id;
    if (!id) return false;
    this.busy = true;
    this.error = null;
    try {
      const view = await action(id);
      if (view) this.#adopt(view);
      return view !== null;
    } catch (thrown) {
      const error = asError(thrown);
      if (error.code !== "cancelled") this.error = error;
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
  async lead(gap: Gap): Promise<void> {
    const first = gap.place.split(".")[0] ?? "";
    const step = stepOf[first];
    if (step) this.step = step;
    if (step === "corroborate") this.tab = first;
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
