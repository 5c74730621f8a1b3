// The words of the screens, by code, out of `assets/text`.
import { FluentBundle, FluentNumber, FluentResource } from "@fluent/bundle";
import type { Codes } from "./codes";

export type Code = keyof Codes;

/** The files that the screens take their words from, as they are written. */
export const files: Record<string, string> = import.meta.glob(
  "../../../assets/text/en/{audit,cases,corroborate,examine,note,offers,parts,probe,purpose,results,retain,review,search,settings,shell,start,validity,verify,viewer,words}.ftl",
  { query: "?raw", import: "default", eager: true },
);

/** Written as it is, without separators between its digits. */
class Plain extends FluentNumber {
  override toString(): string {
    return String(this.value);
  }
}

// Marks around what is filled in would become part of the words.
const bundle = new FluentBundle("en", { useIsolating: false });
for (const text of Object.values(files)) bundle.addResource(new FluentResource(text));

/** What a text is given: nothing, or each of its arguments. */
type Given<C extends Code> = [Codes[C]] extends [never] ? [] : [Record<Codes[C], string | number>];

/** The words of a code. */
export function say<C extends Code>(code: C, ...[given]: Given<C>): string {
  const wrong: Error[] = [];
  const pattern = bundle.getMessage(code)?.value;
  const filled = Object.entries<string | number>(given ?? {}).map(([name, value]) => [
    name,
    typeof value === "number" ? new Plain(value) : value,
  ]);
  const text = pattern ? bundle.formatPattern(pattern, Object.fromEntries(filled), wrong) : code;
  if (!pattern) wrong.push(new Error(`No text has the code ${code}`));
  // Whoever works sees a gap rather than no screen at all; no test passes over one.
  if (wrong[0] && import.meta.env.DEV) throw wrong[0];
  return text;
}
