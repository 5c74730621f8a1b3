// Two images laid on each other by their eyes: fetching and drawing them.
import { convertFileSrc } from "@tauri-apps/api/core";
import { api } from "../api/api";
import type { Mark, SideSettings } from "../api/bindings";
import {
  apply,
  EYES_AT,
  faceSpace,
  identity,
  measured,
  placed,
  pointsOf,
  tones,
  unitOf,
  type Camera,
  type Faced,
  type Matrix,
  type Point,
} from "./geometry";

/** A picture ready to be drawn at any size. */
export interface Loaded extends Faced {
  path: string;
  width: number;
  height: number;
  /** The picture, and halves of it down to a few hundred pixels. */
  levels: ImageBitmap[];
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

/** Colours that are drawn with, and their tokens. */
const inks = {
  stage: "--stage",
  rim: "--mark-rim",
  mark: "--mark",
  current: "--mark-current",
  landmark: "--landmark",
  grid: "--guide-grid",
  lines: "--guide-lines",
  cross: "--cross",
  divider: "--divider",
} as const;
export type Inks = Record<keyof typeof inks, string>;

/** What `tokens.css` says for this element now; a canvas cannot read it by itself. Asked once for each frame. */
export function inksOf(element: Element): Inks {
  const style = getComputedStyle(element);
  const said = Object.entries(inks).map(([name, token]) => [name, style.getPropertyValue(token).trim()]);
  return Object.fromEntries(said) as Inks;
}

export function unload(picture: Loaded | null): void {
  for (const level of picture?.levels ?? []) level.close();
}

const plain = (side: SideSettings): boolean =>
  side.brightness === 0 && side.contrast === 1 && side.gamma === 1 && !side.grey;

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

  draw(
    picture: Loaded,
    side: SideSettings,
    camera: Camera,
    [width, height]: readonly [number, number],
    ground: string,
  ): OffscreenCanvas {
    const matrix = placed(picture, side, camera, width, height);
    const key = [picture.path, matrix.join(), JSON.stringify(side), width, height, ground].join(" ");
    const context = this.#context;
    if (key === this.#drawn || !context) return this.#canvas;
    this.#drawn = key;
    this.matrix = matrix;
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = ground;
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

/** Draws marks at their places of the image; `lit` stand out. */
export function drawMarks(
  context: CanvasRenderingContext2D,
  marks: Mark[],
  matrix: Matrix,
  lit: (mark: Mark) => boolean,
  ink: Inks,
): void {
  for (const mark of marks) {
    const points = pointsOf(mark.shape).map((p) => apply(matrix, p));
    // Wider as well, for whoever sees no difference of colours.
    const wide = lit(mark) ? 3 : 2;
    for (const [color, width] of [
      [ink.rim, wide + 2],
      [lit(mark) ? ink.current : ink.mark, wide],
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

/** Grid and anatomical guide lines of the probe's face space, the same on both sides. */
export function drawGuides(
  context: CanvasRenderingContext2D,
  guides: ReadonlySet<string>,
  probe: Loaded,
  camera: Camera,
  [width, height]: readonly [number, number],
  ink: Inks,
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
    context.strokeStyle = ink.grid;
    for (let v = -6; v <= 6; v += 0.5) {
      line([x(v), 0], [x(v), height]);
      line([0, y(v)], [width, y(v)]);
    }
  }
  if (guides.has("lines")) {
    const [nose, mouth] = measured(probe);
    context.strokeStyle = ink.lines;
    for (const v of [0, -0.5, 0.5]) line([x(v), 0], [x(v), height]);
    for (const v of [0, nose, mouth]) if (v != null) line([0, y(v)], [width, y(v)]);
  }
}

export function drawLandmarks(
  context: CanvasRenderingContext2D,
  picture: Loaded,
  matrix: Matrix,
  ink: Inks,
): void {
  for (const landmark of picture.landmarks ?? []) {
    const [x, y] = apply(matrix, landmark);
    for (const [color, size] of [
      [ink.rim, 5],
      [ink.landmark, 3],
    ] as const) {
      context.fillStyle = color;
      context.beginPath();
      context.arc(x, y, size, 0, 2 * Math.PI);
      context.fill();
    }
  }
}

/** Where the keyboard draws. */
export function drawCross(context: CanvasRenderingContext2D, [x, y]: Point, ink: Inks): void {
  context.strokeStyle = ink.cross;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x - 12, y);
  context.lineTo(x + 12, y);
  context.moveTo(x, y - 12);
  context.lineTo(x, y + 12);
  context.stroke();
}
