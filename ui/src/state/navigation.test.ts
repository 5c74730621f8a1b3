import { describe, expect, it } from "vitest";
import { byStep, destination, placesUp } from "./navigation";

describe("where a gap is answered", () => {
  it("is a step, with its tab where it belongs to the corroboration", () => {
    expect(destination("purpose.case_number")).toMatchObject({ step: "purpose", tab: null });
    expect(destination("further.1.same_person").step).toBe("probe");
    expect(destination("witness.7f.finding")).toMatchObject({ step: "corroborate", tab: "witness" });
    expect(destination("alibi.7f.finding")).toMatchObject({ step: "corroborate", tab: "further" });
    expect(destination("panel.custody")).toMatchObject({ step: "corroborate", tab: "panel" });
    expect(destination("disposition").step).toBe("note");
  });

  it("names the candidate whom it concerns", () => {
    expect(destination("examination.c-1.reason")).toMatchObject({ step: "examine", candidate: "c-1" });
    expect(destination("examination").candidate).toBeNull();
    expect(destination("analysis.nose")).toMatchObject({ step: "examine", candidate: null });
  });

  it("leads nowhere for a place that no screen has", () => {
    expect(destination("person.roles").step).toBeNull();
    expect(destination("").step).toBeNull();
  });

  it("is looked for from the field outwards", () => {
    expect(placesUp("witness.7f.finding")).toEqual(["witness.7f.finding", "witness.7f", "witness"]);
    expect(placesUp("")).toEqual([]);
  });

  it("is counted by step, in the order of the steps", () => {
    const gaps = ["witness", "purpose.offence", "panel.custody", "person.roles"].map((place) => ({ place }));
    expect(byStep(gaps).map(([step, of]) => [step, of.length])).toEqual([
      ["purpose", 1],
      ["corroborate", 2],
      ["note", 1],
    ]);
    expect(byStep([])).toEqual([]);
  });
});
