// The commands of the shell, by hand: names are checked against the shell in its tests, types are
// generated from it.
import { invoke } from "@tauri-apps/api/core";
import type {
  Answer,
  CandidateId,
  CaseDraft,
  CaseId,
  CaseLine,
  CaseView,
  Category,
  Checklist,
  CommandError,
  Comparison,
  Conclusion,
  ContradictionPanel,
  DayRead,
  Enclosed,
  Entry,
  EntryId,
  ExchangeView,
  GalleryView,
  Geometry,
  NoteForm,
  NoteId,
  NoteView,
  Offered,
  Person,
  PersonForm,
  PersonId,
  PreparationStep,
  ProbeAnalysis,
  ProbeOrigin,
  QueueLine,
  Remembered,
  ReviewForm,
  SearchFilters,
  SettingsForm,
  SettingsView,
  Start,
  VaultState,
  ViewSettings,
  WaitingLine,
} from "./bindings";
import { enclose } from "./enclose";

/** What a form holds while it is typed: its secret is enclosed on the way. */
export type Typed<Form, Secret extends keyof Form> = Omit<Form, Secret> & Record<Secret, string>;

async function enclosed<const T extends readonly string[]>(
  ...texts: T
): Promise<{ [K in keyof T]: Enclosed }> {
  return enclose(await call("envelope"), texts);
}

function call<T>(name: string, args: Record<string, unknown> = {}): Promise<T> {
  return invoke<T>(name, args);
}

export const api = {
  start: (): Promise<Start> => call("start"),
  readDay: (text: string): Promise<DayRead> => call("read_day", { text }),
  vaultState: (): Promise<VaultState> => call("vault_state"),
  namePerson: async (form: Typed<PersonForm, "passphrase">): Promise<Start> => {
    const [passphrase] = await enclosed(form.passphrase);
    return call("name_person", { form: { ...form, passphrase } });
  },
  signIn: async (person: PersonId, typed: string): Promise<Start> => {
    const [passphrase] = await enclosed(typed);
    return call("sign_in", { person, passphrase });
  },
  signOut: (): Promise<Start> => call("sign_out"),
  stillHere: (): Promise<null> => call("still_here"),
  changePassphrase: async (known: string, chosen: string): Promise<Start> => {
    const [old, fresh] = await enclosed(known, chosen);
    return call("change_passphrase", { old, new: fresh });
  },
  staff: (): Promise<Person[]> => call("staff"),
  savePerson: async (
    id: PersonId | null,
    form: Typed<PersonForm, "passphrase">,
    second: PersonId | null,
    typed: string,
  ): Promise<Start> => {
    const [temporary, passphrase] = await enclosed(form.passphrase, typed);
    return call("save_person", { id, form: { ...form, passphrase: temporary }, second, passphrase });
  },
  staffRead: (upTo: number): Promise<Start> => call("staff_read", { upTo }),
  settings: (): Promise<SettingsView> => call("settings"),
  saveSettings: async (form: Typed<SettingsForm, "token">): Promise<SettingsView> => {
    const [token] = await enclosed(form.token);
    return call("save_settings", { form: { ...form, token } });
  },
  testGallery: (): Promise<GalleryView> => call("test_gallery"),
  cases: (): Promise<CaseLine[]> => call("cases"),
  newCase: (): Promise<CaseView> => call("new_case"),
  openCase: (id: CaseId): Promise<Answer> => call("open_case", { id }),
  waiting: (): Promise<WaitingLine[]> => call("waiting"),
  editPurpose: (id: CaseId, draft: CaseDraft): Promise<CaseView> => call("edit_purpose", { id, draft }),
  confirmPurpose: (id: CaseId): Promise<CaseView> => call("confirm_purpose", { id }),
  confirmFlags: async (id: CaseId, supervisor: PersonId, typed: string): Promise<CaseView> => {
    const [passphrase] = await enclosed(typed);
    return call("confirm_flags", { id, supervisor, passphrase });
  },
  confirmSearch: async (id: CaseId, supervisor: PersonId, typed: string): Promise<CaseView> => {
    const [passphrase] = await enclosed(typed);
    return call("confirm_search", { id, supervisor, passphrase });
  },
  confirmAccount: async (id: CaseId, supervisor: PersonId, typed: string): Promise<CaseView> => {
    const [passphrase] = await enclosed(typed);
    return call("confirm_account", { id, supervisor, passphrase });
  },
  offered: (): Promise<Offered[]> => call("offered"),
  takeOffered: (id: CaseId, index: number, further: boolean): Promise<CaseView> =>
    call("take_offered", { id, index, further }),
  chooseFile: (id: CaseId, further: boolean): Promise<CaseView | null> =>
    call("choose_file", { id, further }),
  pickFurther: (id: CaseId, at: number, face: number): Promise<CaseView> =>
    call("pick_further", { id, at, face }),
  editFurther: (id: CaseId, reasons: string[]): Promise<CaseView> => call("edit_further", { id, reasons }),
  removeFurther: (id: CaseId, at: number): Promise<CaseView> => call("remove_further", { id, at }),
  editOrigin: (id: CaseId, origin: ProbeOrigin): Promise<CaseView> => call("edit_origin", { id, origin }),
  pickFace: (id: CaseId, face: number): Promise<CaseView> => call("pick_face", { id, face }),
  confirmProbe: (id: CaseId): Promise<CaseView> => call("confirm_probe", { id }),
  prepare: (id: CaseId, steps: PreparationStep[]): Promise<CaseView> => call("prepare", { id, steps }),
  choosePrepared: (id: CaseId, used: boolean): Promise<CaseView> => call("choose_prepared", { id, used }),
  search: (id: CaseId, thorough: boolean, filters: SearchFilters): Promise<Answer> =>
    call("search", { id, thorough, filters }),
  cancel: (): Promise<null> => call("cancel"),
  geometry: (picture: string): Promise<Geometry> => call("geometry", { picture }),
  editAnalysis: (id: CaseId, analysis: ProbeAnalysis): Promise<Answer> =>
    call("edit_analysis", { id, analysis }),
  recordAnalysis: (id: CaseId): Promise<Answer> => call("record_analysis", { id }),
  lookAt: (id: CaseId, candidate: CandidateId): Promise<Answer> => call("look_at", { id, candidate }),
  compare: (id: CaseId, candidate: CandidateId, comparison: Comparison): Promise<Answer> =>
    call("compare", { id, candidate, comparison }),
  logView: (id: CaseId, candidate: CandidateId, view: ViewSettings): Promise<Answer> =>
    call("log_view", { id, candidate, view }),
  concludeOn: (
    id: CaseId,
    candidate: CandidateId,
    conclusion: Conclusion | null,
    reason: string,
  ): Promise<Answer> => call("conclude_on", { id, candidate, conclusion, reason }),
  keep: (id: CaseId, candidate: CandidateId | null): Promise<Answer> => call("keep", { id, candidate }),
  noneOfThese: (id: CaseId, none: boolean): Promise<Answer> => call("none_of_these", { id, none }),
  conclude: (id: CaseId): Promise<Answer> => call("conclude", { id }),
  unveil: (id: CaseId): Promise<Answer> => call("unveil", { id }),
  changeConclusion: (
    id: CaseId,
    candidate: CandidateId,
    conclusion: Conclusion,
    reason: string,
  ): Promise<Answer> => call("change_conclusion", { id, candidate, conclusion, reason }),
  askVerification: (id: CaseId): Promise<Answer> => call("ask_verification", { id }),
  withdrawVerification: (id: CaseId): Promise<Answer> => call("withdraw_verification", { id }),
  beginVerification: (id: CaseId): Promise<Answer> => call("begin_verification", { id }),
  handIn: (id: CaseId): Promise<Answer> => call("hand_in", { id }),
  confer: async (id: CaseId, account: string, agreed: Conclusion, typed: string): Promise<Answer> => {
    const [passphrase] = await enclosed(typed);
    return call("confer", { id, account, agreed, passphrase });
  },
  addEntry: (id: CaseId, category: Category): Promise<CaseView> => call("add_entry", { id, category }),
  editChecklist: (id: CaseId, checklist: Checklist): Promise<CaseView> =>
    call("edit_checklist", { id, checklist }),
  attachOffered: (id: CaseId, entry: EntryId, index: number): Promise<CaseView> =>
    call("attach_offered", { id, entry, index }),
  chooseAttachment: (id: CaseId, entry: EntryId): Promise<CaseView | null> =>
    call("choose_attachment", { id, entry }),
  detach: (id: CaseId, entry: EntryId, sha256: string): Promise<CaseView> =>
    call("detach", { id, entry, sha256 }),
  editEntry: (id: CaseId, entry: Entry): Promise<CaseView> => call("edit_entry", { id, entry }),
  editPanel: (id: CaseId, panel: ContradictionPanel): Promise<CaseView> => call("edit_panel", { id, panel }),
  remembered: (): Promise<Remembered> => call("remembered"),
  editNote: (id: CaseId, form: NoteForm): Promise<CaseView> => call("edit_note", { id, form }),
  saveNote: (id: CaseId): Promise<NoteView> => call("save_note", { id }),
  readNote: (id: NoteId): Promise<NoteView> => call("read_note", { id }),
  addAddendum: (id: NoteId, text: string): Promise<NoteView> => call("add_addendum", { id, text }),
  queue: (): Promise<QueueLine[]> => call("queue"),
  reviewNote: (id: NoteId, form: ReviewForm): Promise<NoteView> => call("review_note", { id, form }),
  exportNote: (id: NoteId): Promise<string | null> => call("export_note", { id }),
  exportDisclosure: (id: CaseId): Promise<string | null> => call("export_disclosure", { case: id }),
  printReport: (id: NoteId): Promise<string | null> => call("print_report", { id }),
  printDisclosure: (id: CaseId): Promise<string | null> => call("print_disclosure", { case: id }),
  exportAudit: (): Promise<string | null> => call("export_audit"),
  exchangeSettings: (): Promise<ExchangeView> => call("exchange_settings"),
  saveExchange: (name: string, reviewAt: string): Promise<ExchangeView> =>
    call("save_exchange", { name, reviewAt }),
  addWorkstation: (card: string): Promise<ExchangeView> => call("add_workstation", { card }),
  writePackage: (id: NoteId, to: string): Promise<string | null> => call("write_package", { id, to }),
  writeReviews: (): Promise<number | null> => call("write_reviews"),
  openPackage: (): Promise<string | null> => call("open_package"),
  openOfferedPackage: (index: number): Promise<string> => call("open_offered_package", { index }),
};

/** Whatever was thrown, as the shell's error. */
export function asError(thrown: unknown): CommandError {
  if (typeof thrown === "object" && thrown !== null && "message" in thrown && "gaps" in thrown) {
    return thrown as CommandError;
  }
  return { code: "internal", message: String(thrown), gaps: [] };
}
