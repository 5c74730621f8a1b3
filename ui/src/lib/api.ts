// The commands of the shell, by hand: names are checked against the shell in its tests, types are
// generated from it.
import { invoke } from "@tauri-apps/api/core";
import type {
  CandidateId,
  CaseDraft,
  CaseId,
  CaseLine,
  CaseView,
  Category,
  Checklist,
  CommandError,
  Conclusion,
  GalleryView,
  NoteForm,
  NoteId,
  NoteView,
  Offered,
  PersonForm,
  ProbeOrigin,
  SettingsForm,
  SettingsView,
  Start,
} from "./bindings";

function call<T>(name: string, args: Record<string, unknown> = {}): Promise<T> {
  return invoke<T>(name, args);
}

export const api = {
  start: (): Promise<Start> => call("start"),
  namePerson: (form: PersonForm): Promise<Start> => call("name_person", { form }),
  settings: (): Promise<SettingsView> => call("settings"),
  saveSettings: (form: SettingsForm): Promise<SettingsView> => call("save_settings", { form }),
  testGallery: (): Promise<GalleryView> => call("test_gallery"),
  cases: (): Promise<CaseLine[]> => call("cases"),
  newCase: (): Promise<CaseView> => call("new_case"),
  openCase: (id: CaseId): Promise<CaseView> => call("open_case", { id }),
  editPurpose: (id: CaseId, draft: CaseDraft): Promise<CaseView> => call("edit_purpose", { id, draft }),
  confirmPurpose: (id: CaseId): Promise<CaseView> => call("confirm_purpose", { id }),
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
  search: (id: CaseId, thorough: boolean): Promise<CaseView> => call("search", { id, thorough }),
  cancel: (): Promise<null> => call("cancel"),
  concludeOn: (
    id: CaseId,
    candidate: CandidateId,
    conclusion: Conclusion | null,
    reason: string,
  ): Promise<CaseView> => call("conclude_on", { id, candidate, conclusion, reason }),
  keep: (id: CaseId, candidate: CandidateId | null): Promise<CaseView> => call("keep", { id, candidate }),
  noneOfThese: (id: CaseId, none: boolean): Promise<CaseView> => call("none_of_these", { id, none }),
  conclude: (id: CaseId): Promise<CaseView> => call("conclude", { id }),
  addEntry: (id: CaseId, category: Category): Promise<CaseView> => call("add_entry", { id, category }),
  editChecklist: (id: CaseId, checklist: Checklist): Promise<CaseView> =>
    call("edit_checklist", { id, checklist }),
  editNote: (id: CaseId, form: NoteForm): Promise<CaseView> => call("edit_note", { id, form }),
  saveNote: (id: CaseId): Promise<NoteView> => call("save_note", { id }),
  readNote: (id: NoteId): Promise<NoteView> => call("read_note", { id }),
};

/** Whatever was thrown, as the shell's error. */
export function asError(thrown: unknown): CommandError {
  if (typeof thrown === "object" && thrown !== null && "message" in thrown && "gaps" in thrown) {
    return thrown as CommandError;
  }
  return { code: "internal", message: String(thrown), gaps: [] };
}
