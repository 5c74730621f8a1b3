// How the pair is looked at: everything that toolbar, keys and pointer change. Nothing of it is a record by itself.
import type { SideSettings, ViewMode } from "../api/bindings";
import { EYES_AT, panned, untouched, zoomed, type Camera, type Point } from "./geometry";
import { say } from "../text/catalogue";

export type Tool = "point" | "line" | "outline";
export type Which = "probe" | "candidate";

/** Name, what it says, and its key. */
export const modes: [ViewMode, string, string][] = [
  ["beside", say("viewer-mode-beside"), "b"],
  ["swipe-vertical", say("viewer-mode-swipe-vertical"), "v"],
  ["swipe-horizontal", say("viewer-mode-swipe-horizontal"), "h"],
  ["overlay", say("viewer-mode-overlay"), "o"],
  ["flicker", say("viewer-mode-flicker"), "f"],
];
export const tools: [Tool, string, string][] = [
  ["point", say("viewer-tool-point"), "p"],
  ["line", say("viewer-tool-line"), "d"],
  ["outline", say("viewer-tool-outline"), "w"],
];
export const aids: [string, string, string][] = [
  ["grid", say("viewer-aid-grid"), "g"],
  ["lines", say("viewer-aid-lines"), "u"],
  ["landmarks", say("viewer-aid-landmarks"), "l"],
  ["ratios", say("viewer-aid-ratios"), "r"],
];

const still = (): Camera => ({ zoom: 1, pan: [0, 0] });
const within = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most);

export class View {
  mode = $state<ViewMode>("beside");
  camera = $state<Camera>(still());
  /** Moved against each other, when not linked. */
  apart = $state<Camera>(still());
  linked = $state(true);
  swipe = $state(0.5);
  opacity = $state(0.5);
  rate = $state(2);
  flick = $state<Which>("probe");
  guides = $state<string[]>([]);
  sides = $state<Record<Which, SideSettings>>({ probe: { ...untouched }, candidate: { ...untouched } });
  adjusted = $state<Which>("probe");
  adjusting = $state(false);
  photo = $state(0);
  tool = $state<Tool | null>(null);
  /** Size in pixels of the place where both lie. */
  size = $state<[number, number]>([0, 0]);
  /** Whether there is a candidate beside the probe. */
  pair = $state(false);
  photos = $state(1);

  get shownMode(): ViewMode {
    return this.pair ? this.mode : "beside";
  }

  /** Where a side lies: left, top, width, height. */
  rect(which: Which): [number, number, number, number] {
    const [w, h] = this.size;
    if (!this.pair || this.shownMode !== "beside") return [0, 0, w, h];
    const half = Math.floor((w - 6) / 2);
    return which === "probe" ? [0, 0, half, h] : [w - half, 0, half, h];
  }

  /** Width and height of one side. */
  shownSize(): [number, number] {
    const [, , w, h] = this.rect("probe");
    return [w, h];
  }

  cameraOf(which: Which): Camera {
    const { camera, apart } = this;
    if (which === "probe" || this.linked) return camera;
    return {
      zoom: camera.zoom * apart.zoom,
      pan: [camera.pan[0] + apart.pan[0], camera.pan[1] + apart.pan[1]],
    };
  }

  /** The side under a place of the view, and the place within it. */
  under([x, y]: Point): { which: Which; at: Point } {
    const [w, h] = this.size;
    let which: Which = "probe";
    if (this.pair) {
      if (this.shownMode === "beside") which = x > w / 2 ? "candidate" : "probe";
      else if (this.shownMode === "swipe-vertical") which = x > w * this.swipe ? "candidate" : "probe";
      else if (this.shownMode === "swipe-horizontal") which = y > h * this.swipe ? "candidate" : "probe";
      else if (this.shownMode === "flicker") which = this.flick;
      else which = this.adjusted;
    }
    const [left, top] = this.rect(which);
    return { which, at: [x - left, y - top] };
  }

  /** Whether the line between both lies under a place of the view. */
  onDivider([x, y]: Point): boolean {
    const [w, h] = this.size;
    return (
      (this.shownMode === "swipe-vertical" && Math.abs(x - w * this.swipe) < 14) ||
      (this.shownMode === "swipe-horizontal" && Math.abs(y - h * this.swipe) < 14)
    );
  }

  moveDivider([x, y]: Point): void {
    const [w, h] = this.size;
    this.swipe = within(this.shownMode === "swipe-vertical" ? x / w : y / h, 0, 1);
  }

  zoomBy(by: number, at?: Point): void {
    const [w, h] = this.shownSize();
    if (!this.linked && at && this.under(at).which === "candidate") {
      this.apart = { ...this.apart, zoom: within(this.apart.zoom * by, 0.2, 10) };
      return;
    }
    this.camera = zoomed(this.camera, by, at ? this.under(at).at : [w / 2, h * EYES_AT], w, h);
  }

  /** Moves both, or the candidate alone where they are not linked and it is the one that is held. */
  pan(dx: number, dy: number, held: Which = "probe"): void {
    if (!this.linked && held === "candidate") {
      const together = { zoom: this.camera.zoom * this.apart.zoom, pan: this.apart.pan };
      this.apart = { ...this.apart, pan: panned(together, dx, dy, ...this.shownSize()).pan };
    } else this.camera = panned(this.camera, dx, dy, ...this.shownSize());
  }

  reset(): void {
    this.camera = still();
    this.apart = still();
    this.sides = { probe: { ...untouched }, candidate: { ...untouched } };
  }

  aid(name: string): void {
    this.guides = this.guides.includes(name) ? this.guides.filter((g) => g !== name) : [...this.guides, name];
  }

  /** The side that is adjusted. */
  get side(): SideSettings {
    return this.sides[this.pair ? this.adjusted : "probe"];
  }

  turnBy(degrees: number): void {
    this.side.rotation = Math.round((this.side.rotation + degrees) * 10) / 10;
  }

  brighten(by: number): void {
    this.side.brightness = within(this.side.brightness + by, -1, 1);
  }

  contrast(by: number): void {
    this.side.contrast = within(this.side.contrast + by, 0.1, 4);
  }

  gamma(by: number): void {
    this.side.gamma = within(this.side.gamma + by, 0.2, 5);
  }

  /** Line, share or rate, whichever the mode has. */
  slide(by: number): void {
    if (this.shownMode === "overlay") this.opacity = within(this.opacity + by * 0.05, 0, 1);
    else if (this.shownMode === "flicker") this.rate = within(this.rate + by * 0.5, 0.5, 8);
    else this.swipe = within(this.swipe + by * 0.02, 0, 1);
  }

  /** Shows another photograph of the subject. */
  turnPhoto(by: 1 | -1): void {
    this.photo = (this.photo + this.photos + by) % this.photos;
  }
}
