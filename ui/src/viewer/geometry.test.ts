import { describe, expect, it } from "vitest";
import {
  apply,
  faceSpace,
  inverse,
  panned,
  placed,
  ratios,
  tones,
  untouched,
  zoomed,
  type Camera,
  type Faced,
  type Point,
} from "./geometry";

const still: Camera = { zoom: 1, pan: [0, 0] };

/** A face whose eyes lie at `right` and `left`, in pixels; nose and mouth in its own proportions below them. */
function face(right: Point, left: Point): Faced {
  const [dx, dy] = [left[0] - right[0], left[1] - right[1]];
  const at = (across: number, down: number): Point => [
    (right[0] + left[0]) / 2 + across * dx - down * dy,
    (right[1] + left[1]) / 2 + across * dy + down * dx,
  ];
  const landmarks = [right, left, at(0, 0.6), at(-0.4, 1.1), at(0.4, 1.1)];
  return { landmarks, toFace: faceSpace({ width: 640, height: 640, landmarks } as never) };
}

const near = ([x, y]: Point, [a, b]: Point): void => {
  expect(x).toBeCloseTo(a, 6);
  expect(y).toBeCloseTo(b, 6);
};

describe("two faces laid on each other", () => {
  const upright = face([280, 300], [360, 300]);
  const small = face([100, 120], [120, 120]);
  const tilted = face([300, 280], [340, 349.2820323]);

  it("have their eyes at one place of the view, whatever their size and tilt", () => {
    const eyes = (picture: Faced): Point[] => {
      const matrix = placed(picture, untouched, still, 600, 500);
      return (picture.landmarks ?? []).slice(0, 2).map((p) => apply(matrix, p));
    };
    const [right, left] = eyes(upright) as [Point, Point];
    expect(left[1]).toBeCloseTo(right[1], 6);
    for (const other of [small, tilted]) {
      const [r, l] = eyes(other) as [Point, Point];
      near(r, right);
      near(l, left);
    }
  });

  it("are mirrored and turned about the point between the eyes", () => {
    const between: Point = [320, 300];
    const at = apply(placed(upright, untouched, still, 600, 500), between);
    near(apply(placed(upright, { ...untouched, flipped: true }, still, 600, 500), between), at);
    near(apply(placed(upright, { ...untouched, rotation: 33 }, still, 600, 500), between), at);
    const flipped = placed(upright, { ...untouched, flipped: true }, still, 600, 500);
    expect(apply(flipped, [280, 300])[0]).toBeGreaterThan(at[0]);
  });

  it("are found again from a place of the view", () => {
    const matrix = placed(tilted, { ...untouched, rotation: 12 }, { zoom: 2.5, pan: [0.3, -0.2] }, 600, 500);
    near(apply(inverse(matrix), apply(matrix, [123, 456])), [123, 456]);
  });

  it("keep the place under the pointer while zooming, within bounds", () => {
    const pointer: Point = [450, 130];
    const before = { zoom: 1.5, pan: [0.2, 0.1] as Point };
    const after = zoomed(before, 1.7, pointer, 600, 500);
    const seen = (camera: Camera): Point =>
      apply(inverse(placed(upright, untouched, camera, 600, 500)), pointer);
    near(seen(after), seen(before));
    expect(zoomed(before, 1e9, pointer, 600, 500).zoom).toBe(40);
    expect(zoomed(before, 1e-9, pointer, 600, 500).zoom).toBe(0.2);
  });

  it("follow the pointer when they are moved", () => {
    const moved = panned(still, 30, -20, 600, 500);
    const [x, y] = apply(placed(upright, untouched, still, 600, 500), [320, 300]);
    near(apply(placed(upright, untouched, moved, 600, 500), [320, 300]), [x + 30, y - 20]);
  });

  it("have the same ratios where they have the same proportions, and none without landmarks", () => {
    const [nose, mouth, width] = ratios(upright, tilted);
    expect(nose?.probe).toBeCloseTo(0.6, 6);
    expect(mouth?.candidate).toBeCloseTo(1.1, 6);
    expect(width?.candidate).toBeCloseTo(0.8, 6);
    expect(ratios({ landmarks: null, toFace: upright.toFace }, null).every((r) => r.probe === null)).toBe(
      true,
    );
  });

  it("fill the view where no face was found", () => {
    const lost = {
      landmarks: null,
      toFace: faceSpace({ width: 640, height: 480, landmarks: null } as never),
    };
    const matrix = placed(lost, untouched, still, 1000, 480);
    near(apply(matrix, [320, 480 * 0.44]), [500, 480 * 0.44]);
  });
});

it("tones leave a picture as it is unless they are asked for, and stay within 0 and 255", () => {
  expect([...tones(untouched)]).toEqual([...Array(256).keys()]);
  const bright = tones({ ...untouched, contrast: 3, gamma: 2 });
  expect([bright[0], bright[255]]).toEqual([0, 255]);
  expect([...bright].every((value, at) => at === 0 || value >= (bright[at - 1] ?? 0))).toBe(true);
});
