import { expect, test } from "vitest";
import { axisOf, drawn, evenFromZero, power, powersWithZero, slots } from "./plotting";

test("an axis by powers of ten has a tick at each and no place for 0", () => {
  const axis = axisOf({ label: "x", log: true, from: 1e-3, to: 1 });
  expect(axis.ticks.map((t) => t.label)).toEqual(["0.001", "0.01", "0.1", "1"]);
  expect(axis.ticks.map((t) => t.at.toFixed(3))).toEqual(["0.000", "0.333", "0.667", "1.000"]);
  expect(axis.place(0)).toBeNull();
  expect(power(-6)).toBe("10⁻⁶");
});

test("an even axis ends at a round number above all", () => {
  const axis = evenFromZero("y", [3.1, 61.2]);
  expect(axis.ticks.map((t) => t.label)).toEqual(["0", "20", "40", "60", "80"]);
  expect(axis.place(80)).toBe(1);
  expect(evenFromZero("y", []).place(0)).toBe(0);
});

test("0 has a place below every power, and twice as many times is twice as far", () => {
  const axis = powersWithZero("y", [0, 0.4, 2000]);
  expect(axis.ticks.map((t) => t.label)).toEqual(["0", "0.1", "1", "10", "100", "1000", "10000"]);
  const at = (value: number): number => axis.place(value) ?? NaN;
  expect(at(0)).toBe(0);
  expect(at(0.1)).toBeGreaterThan(at(0));
  expect(at(100) - at(10)).toBeCloseTo(at(10) - at(1));
});

test("what is drawn stays within the plot, and what has no place is left out", () => {
  const axes: [ReturnType<typeof slots>, ReturnType<typeof powersWithZero>] = [
    slots("x", ["a", "b"]),
    powersWithZero("y", [1, 10]),
  ];
  const series = drawn("s", axes, {
    line: [
      [0, 1],
      [1, NaN],
    ],
    spots: [{ x: 1, y: 10, low: 0, high: 1e9 }],
  });
  expect(series.line).toHaveLength(1);
  expect(series.spots).toEqual([{ x: 0.75, y: 1, low: 0, high: 1 }]);
  const log = axisOf({ label: "y", log: true, from: 0.01, to: 1 });
  const band = drawn("s", [log, log], { band: [[0.1, 0, 0.5]] }).band;
  expect(band).toHaveLength(2);
});
