import { describe, expect, it } from "vitest";
import type { PolicySummary } from "../../api/bindings";
import { say } from "../../text/catalogue";
import { judged } from "./quality";

describe("the quality of a face", () => {
  it("is judged by the policy in force and by no number of the screen", () => {
    const policy = (quality_floor: number, quality_target: number): PolicySummary =>
      ({ quality_floor, quality_target }) as PolicySummary;
    const [sufficient, low, below] = [
      say("probe-quality-sufficient"),
      say("probe-quality-low"),
      say("probe-quality-too-low"),
    ];
    expect([24, 25, 49, 50].map((of) => judged(of, policy(25, 50)))).toEqual([below, low, low, sufficient]);
    // A stricter department's, and one between.
    expect([39, 40, 69, 70].map((of) => judged(of, policy(40, 70)))).toEqual([below, low, low, sufficient]);
    expect([50, 60].map((of) => judged(of, policy(60, 60)))).toEqual([below, sufficient]);
  });
});
