/** A second click at once is the same click, except where a button is meant to be pressed again and again. */
export function repeats(detail: number, target: Pick<Element, "closest"> | null): boolean {
  return detail > 1 && target?.closest("button") != null && target.closest("[data-repeat]") === null;
}

/** Double clicks do one thing, on every screen. */
export function clickOnce(on: Window): void {
  on.addEventListener(
    "click",
    (event) => {
      if (!repeats(event.detail, event.target instanceof Element ? event.target : null)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );
}
