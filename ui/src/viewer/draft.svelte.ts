// A mark while it is drawn, by mouse or by keys.
import type { OnImage, Shape } from "../api/bindings";
import type { Point } from "./geometry";
import type { Tool, View } from "./view.svelte";

/** A place of an image, under a place of the view. */
export type Found = { on: OnImage; place: Point } | null;

export class Draft {
  /** What is drawn so far. */
  drawn = $state<{ on: OnImage; points: Point[] } | null>(null);
  /** Where the keyboard draws, in pixels of the view. */
  cross = $state<Point | null>(null);

  constructor(
    private readonly view: View,
    /** What lies under a place of the view; on the given image, where one is named. */
    private readonly under: (at: Point, which?: OnImage["kind"]) => Found,
    /** Keeps a mark. */
    private readonly keep: (on: OnImage, shape: Shape) => void,
  ) {}

  get open(): boolean {
    return this.drawn !== null;
  }

  forget(): void {
    this.drawn = null;
  }

  /** Takes a tool into the hand, or puts it away. */
  choose(wanted: Tool): void {
    const { view } = this;
    view.tool = view.tool === wanted ? null : wanted;
    this.drawn = null;
    this.cross = view.tool ? [Math.round(view.size[0] / 4), Math.round(view.size[1] * 0.44)] : null;
  }

  begin(at: Point): void {
    const found = this.under(at);
    if (found) this.drawn = { on: found.on, points: [found.place] };
    if (this.view.tool === "point") this.finish();
  }

  /** The pointer moved while it was held. */
  extend(at: Point): void {
    const draft = this.drawn;
    const found = draft && this.under(at, draft.on.kind);
    if (!draft || !found) return;
    const last = draft.points[draft.points.length - 1];
    if (this.view.tool === "line")
      this.drawn = { ...draft, points: [draft.points[0] ?? found.place, found.place] };
    else if (last && Math.hypot(found.place[0] - last[0], found.place[1] - last[1]) > 1) {
      this.drawn = { ...draft, points: [...draft.points, found.place].slice(0, 2000) };
    }
  }

  finish(): void {
    const [draft, tool] = [this.drawn, this.view.tool];
    if (!draft || !tool) return;
    const [first, second] = draft.points;
    let shape: Shape | null = null;
    if (tool === "point" && first) shape = { kind: "point", at: first };
    else if (tool === "line" && first && second) shape = { kind: "line", from: first, to: second };
    else if (tool === "outline" && draft.points.length > 2) shape = { kind: "outline", points: draft.points };
    if (shape) this.keep(draft.on, shape);
    this.drawn = null;
  }

  /** Arrows move the cross, Enter sets a point, Escape ends. True when the key was one of them. */
  key(event: KeyboardEvent): boolean {
    const { view, cross } = this;
    if (!view.tool || !cross) return false;
    const far = event.shiftKey ? 20 : 4;
    const steps: Record<string, Point> = {
      ArrowLeft: [-far, 0],
      ArrowRight: [far, 0],
      ArrowUp: [0, -far],
      ArrowDown: [0, far],
    };
    const step = steps[event.key];
    if (step) {
      const within = (at: number, most: number): number => Math.min(Math.max(at, 0), most);
      this.cross = [within(cross[0] + step[0], view.size[0]), within(cross[1] + step[1], view.size[1])];
      return true;
    }
    if (event.key === "Enter" || event.key === " ") this.#set(cross);
    else if (event.key === "Escape") this.#end();
    else return false;
    return true;
  }

  #set(cross: Point): void {
    const before = this.drawn;
    const found = this.under(cross, before?.on.kind);
    if (!found) return;
    const points = [...(before?.points ?? []), found.place];
    this.drawn = { on: before?.on ?? found.on, points };
    const { tool } = this.view;
    if (tool === "point" || (tool === "line" && points.length === 2)) this.finish();
  }

  #end(): void {
    const { tool } = this.view;
    if (tool === "outline" && (this.drawn?.points.length ?? 0) > 2) this.finish();
    else if (this.drawn) this.drawn = null;
    else if (tool) this.choose(tool);
  }
}
