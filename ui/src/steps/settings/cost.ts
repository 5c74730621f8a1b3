// What one setting costs each group, in words that say no more than was measured.
import type { Against, AttributeView, FigureView, GroupsView } from "../../api/bindings";
import { say } from "../../text/catalogue";

/** A figure of 100 searches: tenths below ten, hundredths below one. */
export function ofHundred(share: number): string {
  const value = share * 100;
  return value === 0 || value >= 9.95 ? String(Math.round(value)) : value.toFixed(value < 0.995 ? 2 : 1);
}

export const figure = ({ value, low, high }: FigureView): string =>
  say("validity-table-figure", { value: ofHundred(value), low: ofHundred(low), high: ofHundred(high) });

/** How a group is called. All people together have no name. */
export const called = (name: string): string => name || say("validity-groups-all");

/** A threshold as it is chosen from a list. */
export function threshold({ above, far }: GroupsView["thresholds"][number]): string {
  return above === null
    ? say("validity-groups-threshold-none-today")
    : say("validity-groups-threshold", {
        threshold: above.toFixed(3),
        pairs: Math.round(1 / far).toLocaleString("en-US"),
      });
}

function against(
  attribute: AttributeView,
  pair: Against | null,
  of: (group: number) => FigureView | undefined,
  words: {
    apart: (given: Record<"group" | "other" | "most" | "least", string>, times: number | null) => string;
    overlap: (given: Record<"group" | "other" | "most" | "least", string>) => string;
    same: string;
  },
): string {
  if (!pair) return words.same;
  const [most, least] = [of(pair.most), of(pair.least)];
  const given = {
    group: called(attribute.groups[pair.most]?.name ?? ""),
    other: called(attribute.groups[pair.least]?.name ?? ""),
    most: ofHundred(most?.value ?? 0),
    least: ofHundred(least?.value ?? 0),
  };
  return pair.apart ? words.apart(given, pair.times) : words.overlap(given);
}

/** Who pays at one setting: by number of `thresholds` and `lists`. */
export function whoPays(report: GroupsView, attribute: AttributeView, at: number, list: number): string[] {
  const setting = attribute.settings[at]?.[list];
  const [threshold, longest] = [report.thresholds[at], report.lists[list]];
  if (!setting || !threshold || longest === undefined) return [];
  if (attribute.groups.filter((group) => group.name && !group.too_few).length < 2)
    return [say("validity-words-too-few")];
  const none = threshold.above === null;
  const head = none
    ? say("validity-words-at-none", { list: longest })
    : say("validity-words-at", { threshold: threshold.above?.toFixed(3) ?? "", list: longest });
  const listed = against(attribute, setting.listed, (group) => setting.cells[group]?.listed, {
    apart: (given, times) =>
      times === null
        ? say("validity-words-listed-apart", given)
        : say("validity-words-listed-apart-times", { ...given, times }),
    overlap: (given) => say("validity-words-listed-overlap", given),
    same: say(none ? "validity-words-full" : "validity-words-listed-same"),
  });
  const lost = against(attribute, setting.lost, (group) => setting.cells[group]?.lost, {
    apart: (given) => say("validity-words-lost-apart", given),
    overlap: (given) => say("validity-words-lost-overlap", given),
    same: say("validity-words-lost-same"),
  });
  return [head, listed, lost];
}

/** Who gains and who pays if the threshold were one step looser. */
export function oneStepLooser(
  report: GroupsView,
  attribute: AttributeView,
  at: number,
  list: number,
): string {
  const [now, then] = [attribute.settings[at]?.[list], attribute.settings[at - 1]?.[list]];
  const [from, to] = [report.thresholds[at], report.thresholds[at - 1]];
  const all = attribute.groups.length - 1;
  const [before, after] = [now?.cells[all]?.lost, then?.cells[all]?.lost];
  if (!from || !to || from.above === null || !before || !after) return "";
  const costs = attribute.groups.slice(0, all).flatMap((group, number) => {
    const [less, more] = [now?.cells[number]?.listed, then?.cells[number]?.listed];
    if (!less || !more) return [];
    const given = { group: group.name, from: ofHundred(less.value), to: ofHundred(more.value) };
    return [say("validity-words-step-cost", given)];
  });
  if (!costs.length) return "";
  const given = { before: ofHundred(before.value), after: ofHundred(after.value) };
  const head = { from: from.above.toFixed(3) };
  return [
    to.above === null
      ? say("validity-words-step-none", head)
      : say("validity-words-step", { ...head, to: to.above.toFixed(3) }),
    given.before === given.after
      ? say("validity-words-step-no-gain", { after: given.after })
      : say("validity-words-step-gain", given),
    say("validity-words-step-costs", { costs: costs.join(", ") }),
  ].join(" ");
}
