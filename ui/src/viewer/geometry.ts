// Two images laid on each other by their eyes: where everything lies. Pure: it draws nothing and asks nobody.
import type { Geometry, Shape, SideSettings } from "../api/bindings";
import { say } from "../text/catalogue";

export type Point = [number, number];
/** `x' = a·x + c·y + e`, `y' = b·x + d·y + f`. */
export type Matrix = [number, number, number, number, number, number];

/** What of a picture says where its face lies. */
export interface Faced {
  landmarks: Point[] | null;
  /** From pixels to face space: between the eyes is the origin, their distance the unit. */
  toFace: Matrix;
}

/** How the pair is looked at. Distances are in face space. */
export interface Camera {
  zoom: number;
  pan: Point;
}

/** Eye distances that fit into the height of a view, and into its width: a head with its ears. */
const FITS = 4.8;
const FITS_ACROSS = 3.1;
/** Where the eyes lie in a view, from its top. */
export const EYES_AT = 0.44;

export const identity: Matrix = [1, 0, 0, 1, 0, 0];

/** Pixels of an eye distance in a view. */
export const unitOf = (width: number, height: number, zoom: number): number =>
  Math.min(height / FITS, width / FITS_ACROSS) * zoom;

/** First `inner`, then `outer`. */
function then(inner: Matrix, outer: Matrix): Matrix {
  const [a, b, c, d, e, f] = inner;
  const [A, B, C, D, E, F] = outer;
  return [A * a + C * b, B * a + D * b, A * c + C * d, B * c + D * d, A * e + C * f + E, B * e + D * f + F];
}

const move = (x: number, y: number): Matrix => [1, 0, 0, 1, x, y];
const scale = (x: number, y: number): Matrix => [x, 0, 0, y, 0, 0];
const turn = (radians: number): Matrix => {
  const [s, c] = [Math.sin(radians), Math.cos(radians)];
  return [c, s, -s, c, 0, 0];
};

export function apply([a, b, c, d, e, f]: Matrix, [x, y]: Point): Point {
  return [a * x + c * y + e, b * x + d * y + f];
}

export function inverse([a, b, c, d, e, f]: Matrix): Matrix {
  const det = a * d - b * c;
  return [d / det, -b / det, -c / det, a / det, (c * f - d * e) / det, (b * e - a * f) / det];
}

function chain(...steps: Matrix[]): Matrix {
  return steps.reduce(then, identity);
}

export function faceSpace(geometry: Geometry): Matrix {
  const [right, left] = geometry.landmarks ?? [];
  if (!right || !left) {
    const unit = geometry.height / FITS;
    return chain(move(-geometry.width / 2, -geometry.height * EYES_AT), scale(1 / unit, 1 / unit));
  }
  const between: Point = [(right[0] + left[0]) / 2, (right[1] + left[1]) / 2];
  const [dx, dy] = [left[0] - right[0], left[1] - right[1]];
  const unit = Math.max(Math.hypot(dx, dy), 1e-3);
  return chain(move(-between[0], -between[1]), turn(-Math.atan2(dy, dx)), scale(1 / unit, 1 / unit));
}

/** From pixels of the picture to pixels of a view of this size. */
export function placed(
  picture: Faced,
  side: SideSettings,
  camera: Camera,
  width: number,
  height: number,
): Matrix {
  const unit = unitOf(width, height, camera.zoom);
  return chain(
    picture.toFace,
    scale(side.flipped ? -1 : 1, 1),
    turn((side.rotation * Math.PI) / 180),
    move(camera.pan[0], camera.pan[1]),
    scale(unit, unit),
    move(width / 2, height * EYES_AT),
  );
}

/** The camera that keeps the place under `at` still while zooming. */
export function zoomed(camera: Camera, by: number, at: Point, width: number, height: number): Camera {
  const zoom = Math.min(Math.max(camera.zoom * by, 0.2), 40);
  const unit = (z: number): number => unitOf(width, height, z);
  const [x, y] = [at[0] - width / 2, at[1] - height * EYES_AT];
  const shift = 1 / unit(zoom) - 1 / unit(camera.zoom);
  return { zoom, pan: [camera.pan[0] + x * shift, camera.pan[1] + y * shift] };
}

/** A movement of the pointer as a movement in face space. */
export function panned(camera: Camera, dx: number, dy: number, width: number, height: number): Camera {
  const unit = unitOf(width, height, camera.zoom);
  return { ...camera, pan: [camera.pan[0] + dx / unit, camera.pan[1] + dy / unit] };
}

/** Values 0 to 255 as brightness, contrast and gamma make them: the same formula as a preparation's. */
export function tones(side: SideSettings): Uint8ClampedArray {
  return Uint8ClampedArray.from({ length: 256 }, (_, value) => {
    const v = (value / 255 + side.brightness - 0.5) * side.contrast + 0.5;
    return Math.round(Math.min(Math.max(v, 0), 1) ** (1 / side.gamma) * 255);
  });
}

export function pointsOf(shape: Shape): Point[] {
  switch (shape.kind) {
    case "point":
      return [shape.at];
    case "line":
      return [shape.from, shape.to];
    case "outline":
      return shape.points;
  }
}

/** A measured ratio: descriptive, never a ground for a conclusion. */
export interface Ratio {
  name: string;
  probe: number | null;
  candidate: number | null;
}

export function measured(picture: Faced | null): (number | null)[] {
  if (!picture?.landmarks) return [null, null, null];
  const [, , nose, right, left] = picture.landmarks.map((p) => apply(picture.toFace, p));
  if (!nose || !right || !left) return [null, null, null];
  return [nose[1], (right[1] + left[1]) / 2, Math.hypot(left[0] - right[0], left[1] - right[1])];
}

export function ratios(probe: Faced | null, candidate: Faced | null): Ratio[] {
  const names = [say("viewer-ratio-nose"), say("viewer-ratio-mouth"), say("viewer-ratio-mouth-width")];
  const [p, c] = [measured(probe), measured(candidate)];
  return names.map((name, i) => ({ name, probe: p[i] ?? null, candidate: c[i] ?? null }));
}

export const untouched: SideSettings = {
  brightness: 0,
  contrast: 1,
  gamma: 1,
  grey: false,
  flipped: false,
  rotation: 0,
};
