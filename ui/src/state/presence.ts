// Whether somebody works at the window.

/** How often the workstation is told, at most, in milliseconds. */
const EVERY = 20_000;

export class Presence {
  #seen = 0;

  /** Somebody signed in, or the program began. */
  begin(now: number): void {
    this.#seen = now;
  }

  /** Something was done in the window; whether the workstation is to be told. */
  active(now: number): boolean {
    if (now - this.#seen < EVERY) return false;
    this.#seen = now;
    return true;
  }

  /** Whether nobody did anything for so many minutes. */
  idle(now: number, minutes: number): boolean {
    return this.#seen > 0 && now - this.#seen > minutes * 60_000;
  }
}
