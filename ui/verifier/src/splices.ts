// How the vectors of docs/formats write a file that differs from another.

export type Edit = [at: number, gone: number, put: string, times?: number];

/** The text that splices make of another; places count characters. */
export function spliced(of: string, edits: Edit[]): string {
  const signs = [...of];
  let made = "";
  let from = 0;
  for (const [at, gone, put, times] of edits) {
    made += signs.slice(from, at).join("") + put.repeat(times ?? 1);
    from = at + gone;
  }
  return made + signs.slice(from).join("");
}
