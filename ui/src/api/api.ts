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
  Confirming,
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

/** Who confirms, as it is typed. */
export type Confirmed = Typed<Confirming, "passphrase" | "shown">;

async function confirmed<By extends Confirmed | null>(by: By): Promise<Confirming | (By & null)>;
async function confirmed(by: Confirmed | null): Promise<Confirming | null> {
  if (!by) return null;
  const [passphrase, shown] = await enclosed(by.passphrase, by.shown);
  return { person: by.person, passphrase, shown };
}

const confirming =
  (command: (id: CaseId, by: Confirming) => Promise<CaseView>) =>
  async (id: CaseId, by: Confirmed): Promise<CaseView> =>
    command(id, await confirmed(by));

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
  signPolicy: async (second: Confirmed | null): Promise<Start> =>
    commands.signPolicy(await confirmed(second)),
  setSecondFactor: async (shown: string, typed: string): Promise<string[]> =>
    commands.setSecondFactor(...(await enclosed(shown, typed))),
  changePassphrase: async (known: string, chosen: string): Promise<Start> =>
    commands.changePassphrase(...(await enclosed(known, chosen))),
  savePerson: async (
    id: PersonId | null,
    form: Typed<PersonForm, "passphrase">,
    second: Confirmed | null,
  ): Promise<Admitted> => {
    const [passphrase] = await enclosed(form.passphrase);
    return commands.savePerson(id, { ...form, passphrase }, await confirmed(second));
  },
  issueCode: async (id: PersonId, second: Confirmed | null): Promise<Admitted> =>
    commands.issueCode(id, await confirmed(second)),
  takeOutPerson: async (id: PersonId, second: Confirmed | null): Promise<Start> =>
    commands.takeOutPerson(id, await confirmed(second)),
  letInWorkstation: async (card: string, second: Confirmed | null): Promise<ExchangeView> =>
    commands.letInWorkstation(card, await confirmed(second)),
  takeOutWorkstation: async (key: string, second: Confirmed | null): Promise<ExchangeView> =>
    commands.takeOutWorkstation(key, await confirmed(second)),
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
  confer: async (
    id: CaseId,
    account: string,
    agreed: Conclusion,
    by: Omit<Confirmed, "person">,
  ): Promise<Answer> => commands.confer(id, account, agreed, ...(await enclosed(by.passphrase, by.shown))),
};

/** Whatever was thrown, as the shell's error. */
export function asError(thrown: unknown): CommandError {
  if (typeof thrown === "object" && thrown !== null && "message" in thrown && "gaps" in thrown) {
    return thrown as CommandError;
  }
  return { code: "internal", message: String(thrown), gaps: [] };
}
