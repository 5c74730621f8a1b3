// The words of this page, by code, out of `assets/text`.
import { FluentBundle, FluentResource } from "@fluent/bundle";
import { FluentNumber } from "@fluent/bundle";
import names from "../../../assets/text/en/words.ftl?raw";
import own from "../../../assets/text/en/verifier.ftl?raw";
import type { Args, Refused } from "./refused";

class Plain extends FluentNumber {
  override toString(): string {
    return String(this.value);
  }
}

const bundle = new FluentBundle("en", { useIsolating: false });
for (const text of [names, own]) bundle.addResource(new FluentResource(text));

/** The words of a code; the code itself where it has none. */
export function say(code: string, args: Args = {}): string {
  const pattern = bundle.getMessage(code)?.value;
  if (!pattern) return code;
  const filled = Object.entries(args).map(([name, value]) => [
    name,
    typeof value === "number" ? new Plain(value) : value,
  ]);
  return bundle.formatPattern(pattern, Object.fromEntries(filled), []);
}

/** Why something does not hold, in words. */
export function why(refused: Refused): string {
  return say(refused.code, refused.inner ? { ...refused.args, inner: why(refused.inner) } : refused.args);
}
