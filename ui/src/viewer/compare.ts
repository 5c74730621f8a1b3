// Two images laid on each other by their eyes: geometry and drawing, without any rule.
import { convertFileSrc } from "@tauri-apps/api/core";
import { api } from "../api/api";
import type { Geometry, Mark, Shape, SideSettings } from "../api/bindings";

export type Point = [number, number];
/** `x' = a·x + c·y + e`, `y' = b·x + d·y + f`. */
export type Matrix = [number, number, number, number, number, number];

/** A picture ready to be drawn at any size. */
export interface Loaded {
  path: string;
  width: number;
  height: number;
  /** The picture, and halves of it down to a few hundred pixels. */
  levels: ImageBitmap[];
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
const EYES_AT = 0.44;

const identity: Matrix = [1, 0, 0, 1, 0, 0];

/** Pixels of an eye distance. */
const unitOf = (width: number, height: number, zoom: number): number =>
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

function faceSpace(geometry: Geometry): Matrix {
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

/** Fetches a picture at full resolution with its geometry. */
export async function load(path: string): Promise<Loaded> {
  const [geometry, response] = await Promise.all([
    api.geometry(path),
    fetch(convertFileSrc(`${path}/16384`, "picture")),
  ]);
  if (!response.ok) throw new Error(await response.text());
  const whole = await createImageBitmap(await response.blob());
  const levels = [whole];
  for (let last = whole; Math.min(last.width, last.height) > 400;) {
    const half = new OffscreenCanvas(Math.ceil(last.width / 2), Math.ceil(last.height / 2));
    const context = half.getContext("2d");
    if (!context) break;
    context.imageSmoothingQuality = "medium";
    context.drawImage(last, 0, 0, half.width, half.height);
    last = half.transferToImageBitmap();
    levels.push(last);
  }
  return {
    path,
    width: geometry.width,
    height: geometry.height,
    levels,
    landmarks: geometry.landmarks,
    toFace: faceSpace(geometry),
  };
}

export function unload(picture: Loaded | null): void {
  for (const level of picture?.levels ?? []) level.close();
}

/** From pixels of the picture to pixels of a view of this size. */
export function placed(
  picture: Loaded,
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

const plain = (side: SideSettings): boolean =>
  side.brightness === 0 && side.contrast === 1 && side.gamma === 1 && !side.grey;

/** Values 0 to 255 as brightness, contrast and gamma make them: the same formula as a preparation's. */
export function tones(side: SideSettings): Uint8ClampedArray {
  return Uint8ClampedArray.from({ length: 256 }, (_, value) => {
    const v = (value / 255 + side.brightness - 0.5) * side.contrast + 0.5;
    return Math.round(Math.min(Math.max(v, 0), 1) ** (1 / side.gamma) * 255);
  });
}

function tone(context: OffscreenCanvasRenderingContext2D, side: SideSettings): void {
  const { width, height } = context.canvas;
  const image = context.getImageData(0, 0, width, height);
  const [data, table] = [image.data, tones(side)];
  for (let i = 0; i < data.length; i += 4) {
    let [r, g, b] = [data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0];
    if (side.grey) r = g = b = (r * 77 + g * 150 + b * 29) >> 8;
    data[i] = table[r] ?? 0;
    data[i + 1] = table[g] ?? 0;
    data[i + 2] = table[b] ?? 0;
  }
  context.putImageData(image, 0, 0);
}

/** A level of at most this many pixels is toned once; of a larger one only what is in view, at each frame. */
const TONED_WHOLE = 4_000_000;

/** One side of the pair as it lies in its view, drawn anew only when something changed. */
export class Side {
  #canvas = new OffscreenCanvas(1, 1);
  #context = this.#canvas.getContext("2d", { willReadFrequently: true, alpha: false });
  #drawn = "";
  #toned = { key: "", canvas: new OffscreenCanvas(1, 1) };
  matrix: Matrix = identity;

  #tonedLevel(path: string, level: ImageBitmap, side: SideSettings): OffscreenCanvas {
    const { brightness, contrast, gamma, grey } = side;
    const key = [path, level.width, brightness, contrast, gamma, grey].join(" ");
    if (key !== this.#toned.key) {
      const canvas = new OffscreenCanvas(level.width, level.height);
      const context = canvas.getContext("2d", { willReadFrequently: true, alpha: false });
      context?.drawImage(level, 0, 0);
      if (context) tone(context, side);
      this.#toned = { key, canvas };
    }
    return this.#toned.canvas;
  }

  draw(picture: Loaded, side: SideSettings, camera: Camera, width: number, height: number): OffscreenCanvas {
    const matrix = placed(picture, side, camera, width, height);
    const key = `${picture.path} ${matrix.join()} ${JSON.stringify(side)} ${String(width)} ${String(height)}`;
    const context = this.#context;
    if (key === this.#drawn || !context) return this.#canvas;
    this.#drawn = key;
    this.matrix = matrix;
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = "#20262e";
    context.fillRect(0, 0, width, height);
    const shown = Math.hypot(matrix[0], matrix[1]);
    const at = Math.min(Math.max(Math.floor(Math.log2(1 / shown)), 0), picture.levels.length - 1);
    const level = picture.levels[at];
    const once = !plain(side) && level !== undefined && level.width * level.height <= TONED_WHOLE;
    if (level) {
      context.setTransform(...matrix);
      // Beyond four times its size a picture shows its own pixels, not what is guessed between them.
      context.imageSmoothingEnabled = shown < 4;
      const from = once ? this.#tonedLevel(picture.path, level, side) : level;
      context.drawImage(from, 0, 0, picture.width, picture.height);
    }
    if (!plain(side) && !once) {
      context.setTransform(1, 0, 0, 1, 0, 0);
      tone(context, side);
    }
    return this.#canvas;
  }
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

/** Draws marks at their places of the image; `lit` stand out. */
export function drawMarks(
  context: CanvasRenderingContext2D,
  marks: Mark[],
  matrix: Matrix,
  lit: (mark: Mark) => boolean,
): void {
  for (const mark of marks) {
    const points = pointsOf(mark.shape).map((p) => apply(matrix, p));
    for (const [color, width] of [
      ["#10151c", 4],
      [lit(mark) ? "#ffd34d" : "#7fd0ff", 2],
    ] as const) {
      context.strokeStyle = color;
      context.lineWidth = width;
      context.beginPath();
      if (mark.shape.kind === "point") {
        const [x, y] = points[0] ?? [0, 0];
        context.arc(x, y, 6, 0, 2 * Math.PI);
      } else {
        points.forEach(([x, y], i) => {
          if (i) context.lineTo(x, y);
          else context.moveTo(x, y);
        });
      }
      context.stroke();
    }
  }
}

/** A measured ratio: descriptive, never a ground for a conclusion. */
export interface Ratio {
  name: string;
  probe: number | null;
  candidate: number | null;
}

function measured(picture: Loaded | null): (number | null)[] {
  if (!picture?.landmarks) return [null, null, null];
  const [, , nose, right, left] = picture.landmarks.map((p) => apply(picture.toFace, p));
  if (!nose || !right || !left) return [null, null, null];
  return [nose[1], (right[1] + left[1]) / 2, Math.hypot(left[0] - right[0], left[1] - right[1])];
}

export function ratios(probe: Loaded | null, candidate: Loaded | null): Ratio[] {
  const names = ["eyes to tip of nose", "eyes to mouth", "width of mouth"];
  const [p, c] = [measured(probe), measured(candidate)];
  return names.map((name, i) => ({ name, probe: p[i] ?? null, candidate: c[i] ?? null }));
}

/** Grid and anatomical guide lines of the probe's face space, the same on both sides. */
export function drawGuides(
  context: CanvasRenderingContext2D,
  guides: ReadonlySet<string>,
  probe: Loaded,
  camera: Camera,
  width: number,
  height: number,
): void {
  const unit = unitOf(width, height, camera.zoom);
  const x = (v: number): number => (v + camera.pan[0]) * unit + width / 2;
  const y = (v: number): number => (v + camera.pan[1]) * unit + height * EYES_AT;
  const line = (from: Point, to: Point): void => {
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    context.stroke();
  };
  context.lineWidth = 1;
  if (guides.has("grid")) {
    context.strokeStyle = "rgba(255,255,255,0.35)";
    for (let v = -6; v <= 6; v += 0.5) {
      line([x(v), 0], [x(v), height]);
      line([0, y(v)], [width, y(v)]);
    }
  }
  if (guides.has("lines")) {
    const [nose, mouth] = measured(probe);
    context.strokeStyle = "rgba(255,211,77,0.85)";
    for (const v of [0, -0.5, 0.5]) line([x(v), 0], [x(v), height]);
    for (const v of [0, nose, mouth]) if (v != null) line([0, y(v)], [width, y(v)]);
  }
}

export function drawLandmarks(context: CanvasRenderingContext2D, picture: Loaded, matrix: Matrix): void {
  for (const landmark of picture.landmarks ?? []) {
    const [x, y] = apply(matrix, landmark);
    for (const [color, size] of [
      ["#10151c", 5],
      ["#7dffb0", 3],
    ] as const) {
      context.fillStyle = color;
      context.beginPath();
      context.arc(x, y, size, 0, 2 * Math.PI);
      context.fill();
    }
  }
}

export const untouched: SideSettings = {
  brightness: 0,
  contrast: 1,
  gamma: 1,
  grey: false,
  flipped: false,
  rotation: 0,
};
