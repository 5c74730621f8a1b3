// Why something does not hold: a reason by its name in docs/formats, and words by their code.

export type Args = Record<string, string | number>;

export class Refused extends Error {
  constructor(
    readonly reason: string,
    readonly code: string,
    readonly args: Args = {},
    /** What it rests on. */
    readonly inner?: Refused,
  ) {
    super(`${reason}: ${code} ${JSON.stringify(args)}`);
  }
}

/** Refuses by `reason` unless it holds. */
export function need(holds: boolean, reason: string, code: string, args: Args = {}): asserts holds {
  if (!holds) throw new Refused(reason, code, args);
}
