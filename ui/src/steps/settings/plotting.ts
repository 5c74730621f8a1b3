// Where things lie in a plot: axes from 0 to 1, with what stands at them.
import type { AxisView } from "../../api/bindings";

export interface Tick {
  at: number;
  label: string;
}

/** An axis: `place` gives 0 to 1 along it, beyond where the value is, and nothing for what has no place. */
export interface Axis {
  label: string;
  ticks: Tick[];
  place: (value: number) => number | null;
}

/** A point with the interval of its second value, each from 0 to 1. */
export interface Spot {
  x: number;
  y: number;
  low: number;
  high: number;
}

/** What is drawn in one colour, dash and marker. */
export interface Series {
  name: string;
  line: [number, number][];
  band: [number, number][];
  spots: Spot[];
}

/** What is marked upwards through the plot: where, how wide, and what it is. */
export interface Mark {
  at: number;
  wide: number;
  label: string;
  strong: boolean;
}

const held = (at: number): number => Math.min(1, Math.max(0, at));
const finite = (at: number): number | null => (Number.isFinite(at) ? at : null);

/** A round distance of about five ticks. */
function step(range: number): number {
  const least = range / 6;
  const decade = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((n) => n * decade).find((s) => s >= least * 0.999) ?? decade;
}

const superscript = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A power of ten as people read it. */
export function power(of: number): string {
  if (of >= 0 && of <= 4) return String(10 ** of);
  if (of < 0 && of >= -4) return (10 ** of).toFixed(-of);
  return "10" + [...String(of)].map((c) => (c === "-" ? "⁻" : (superscript[Number(c)] ?? c))).join("");
}

function powers(from: number, to: number, place: Axis["place"]): Tick[] {
  const [first, last] = [Math.ceil(Math.log10(from) - 1e-9), Math.floor(Math.log10(to) + 1e-9)];
  const every = last - first > 8 ? 2 : 1;
  const all = Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => first + n);
  return all.filter((p) => p % every === 0).map((p) => ({ at: place(10 ** p) ?? 0, label: power(p) }));
}

function evenly(from: number, to: number, place: Axis["place"]): Tick[] {
  const apart = step(to - from);
  const places = Math.max(0, -Math.floor(Math.log10(apart) + 1e-9));
  const [first, last] = [Math.ceil(from / apart - 1e-9), Math.floor(to / apart + 1e-9)];
  const all = Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => (first + n) * apart);
  return all.map((value) => ({ at: place(value) ?? 0, label: value.toFixed(places) }));
}

/** An axis as the workstation gives it. */
export function axisOf({ label, log, from, to }: AxisView): Axis {
  const place = log
    ? (value: number): number | null =>
        value > 0 ? finite(Math.log(value / from) / Math.log(to / from)) : null
    : (value: number): number | null => finite((value - from) / (to - from));
  return { label, place, ticks: log ? powers(from, to, place) : evenly(from, to, place) };
}

/** Places beside each other, by number. */
export function slots(label: string, names: string[]): Axis {
  const place = (slot: number): number | null => finite((slot + 0.5) / names.length);
  return { label, place, ticks: names.map((name, slot) => ({ at: place(slot) ?? 0, label: name })) };
}

/** An even axis from 0 to a round number that is no less than any of `values`. */
export function evenFromZero(label: string, values: number[]): Axis {
  const highest = Math.max(1e-9, ...values);
  const to = Math.ceil(highest / step(highest) - 1e-9) * step(highest);
  return axisOf({ label, log: false, from: 0, to });
}

/** Part of an axis by powers of ten that is left for 0. */
const ZERO = 0.08;

/** By powers of ten over all of `values`, with a place for 0 below them: how many times as much is seen as a distance. */
export function powersWithZero(label: string, values: number[]): Axis {
  const above = values.filter((value) => value > 0);
  const to = 10 ** Math.ceil(Math.log10(Math.max(1, ...above)) - 1e-9);
  const from = 10 ** Math.floor(Math.log10(Math.min(to / 10, ...above)) + 1e-9);
  const place = (value: number): number | null =>
    value > 0
      ? finite(ZERO + (1 - ZERO) * held(Math.log(value / from) / Math.log(to / from)))
      : value === 0
        ? 0
        : null;
  return { label, place, ticks: [{ at: 0, label: "0" }, ...powers(from, to, place)] };
}

/** Where a series lies: points without a place are left out, what lies beyond an end of the second axis is held there. */
export function drawn(
  name: string,
  [x, y]: [Axis, Axis],
  { line, band, spots }: { line?: [number, number][]; band?: [number, number, number][]; spots?: Spot[] },
): Series {
  const placed = (points: [number, number][]): [number, number][] =>
    points.flatMap(([a, b]) => {
      const [at, up] = [x.place(a), y.place(b)];
      return at === null || up === null ? [] : [[at, held(up)] as [number, number]];
    });
  const edges = band ?? [];
  // An area to 0 on an axis of powers goes to its end.
  const floor = (value: number, bound: number): number => (y.place(value) === null ? bound : value);
  const least = Math.min(...edges.flatMap(([, low, high]) => [low, high]).filter((v) => v > 0));
  return {
    name,
    line: placed(line ?? []),
    band: placed([
      ...edges.map(([a, low]): [number, number] => [a, floor(low, least)]),
      ...[...edges].reverse().map(([a, , high]): [number, number] => [a, floor(high, least)]),
    ]),
    spots: (spots ?? []).flatMap((spot) => {
      const [at, up, low, high] = [x.place(spot.x), y.place(spot.y), y.place(spot.low), y.place(spot.high)];
      return at === null || up === null
        ? []
        : [{ x: at, y: held(up), low: held(low ?? 0), high: held(high ?? 1) }];
    }),
  };
}
