// What the screens ask of the program: the commands as they are declared, with what is secret enclosed on the way.
import type {
  Admitted,
  Answer,
  CaseId,
  CaseView,
  CommandError,
  DeskView,
  ExchangeView,
  Conclusion,
  Enclosed,
  PersonForm,
  PersonId,
  SettingsForm,
  SettingsView,
  Start,
} from "./bindings";
import { commands } from "./commands";
import { enclose } from "./enclose";

/** What a form holds while it is typed: its secret is enclosed on the way. */
export type Typed<Form, Secret extends keyof Form> = Omit<Form, Secret> & Record<Secret, string>;

async function enclosed<const T extends readonly string[]>(
  ...texts: T
): Promise<{ [K in keyof T]: Enclosed }> {
  return enclose(await commands.envelope(), texts);
}

type Confirming = (id: CaseId, supervisor: PersonId, passphrase: Enclosed) => Promise<CaseView>;

const confirming =
  (command: Confirming) =>
  async (id: CaseId, supervisor: PersonId, typed: string): Promise<CaseView> => {
    const [passphrase] = await enclosed(typed);
    return command(id, supervisor, passphrase);
  };

export const api = {
  ...commands,
  namePerson: async (form: Typed<PersonForm, "passphrase">): Promise<Start> => {
    const [passphrase] = await enclosed(form.passphrase);
    return commands.namePerson({ ...form, passphrase });
  },
  signIn: async (person: PersonId, typed: string, shown: string): Promise<Start> => {
    const [passphrase, code] = await enclosed(typed, shown);
    return commands.signIn(person, passphrase, code);
  },
  recoveryKitKept: async (typed: string): Promise<Start> => {
    const [code] = await enclosed(typed);
    return commands.recoveryKitKept(code);
  },
  signPolicy: async (second: PersonId | null, typed: string): Promise<Start> => {
    const [passphrase] = await enclosed(typed);
    return commands.signPolicy(second, passphrase);
  },
  setSecondFactor: async (shown: string, typed: string): Promise<string[]> =>
    commands.setSecondFactor(...(await enclosed(shown, typed))),
  changePassphrase: async (known: string, chosen: string): Promise<Start> =>
    commands.changePassphrase(...(await enclosed(known, chosen))),
  savePerson: async (
    id: PersonId | null,
    form: Typed<PersonForm, "passphrase">,
    second: PersonId | null,
    typed: string,
  ): Promise<Admitted> => {
    const [own, passphrase] = await enclosed(form.passphrase, typed);
    return commands.savePerson(id, { ...form, passphrase: own }, second, passphrase);
  },
  issueCode: async (id: PersonId, second: PersonId | null, typed: string): Promise<Admitted> => {
    const [passphrase] = await enclosed(typed);
    return commands.issueCode(id, second, passphrase);
  },
  takeOutPerson: async (id: PersonId, second: PersonId | null, typed: string): Promise<Start> => {
    const [passphrase] = await enclosed(typed);
    return commands.takeOutPerson(id, second, passphrase);
  },
  letInWorkstation: async (card: string, second: PersonId | null, typed: string): Promise<ExchangeView> => {
    const [passphrase] = await enclosed(typed);
    return commands.letInWorkstation(card, second, passphrase);
  },
  takeOutWorkstation: async (key: string, second: PersonId | null, typed: string): Promise<ExchangeView> => {
    const [passphrase] = await enclosed(typed);
    return commands.takeOutWorkstation(key, second, passphrase);
  },
  saveSettings: async (form: Typed<SettingsForm, "token">): Promise<SettingsView> => {
    const [token] = await enclosed(form.token);
    return commands.saveSettings({ ...form, token });
  },
  oversightGallery: async (typed: string): Promise<DeskView> => {
    const [token] = await enclosed(typed);
    return commands.oversightGallery(token);
  },
  confirmFlags: confirming(commands.confirmFlags),
  confirmSearch: confirming(commands.confirmSearch),
  confirmAccount: confirming(commands.confirmAccount),
  confer: async (id: CaseId, account: string, agreed: Conclusion, typed: string): Promise<Answer> => {
    const [passphrase] = await enclosed(typed);
    return commands.confer(id, account, agreed, passphrase);
  },
};

/** Whatever was thrown, as the shell's error. */
export function asError(thrown: unknown): CommandError {
  if (typeof thrown === "object" && thrown !== null && "message" in thrown && "gaps" in thrown) {
    return thrown as CommandError;
  }
  return { code: "internal", message: String(thrown), gaps: [] };
}
