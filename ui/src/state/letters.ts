// Keys of one letter, which people can switch off: speech input types them, and a hand brushes them (WCAG 2.1.4).

/** Whether the key is of one letter, number or sign, and those are switched off. The space bar presses what it always does. */
export function silenced(event: Pick<KeyboardEvent, "key">, off: boolean | undefined): boolean {
  return off === true && event.key.length === 1 && event.key !== " ";
}
