// What is typed while the workstation works is joined with what it answers.

type Keyed = Record<string, unknown>;

const isObject = (value: unknown): value is Keyed =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether both hold the same values. */
export function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((x, at) => same(x, b[at]));
  if (!isObject(a) || !isObject(b)) return a === b;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => same(a[key], b[key]));
}

/** Members by `id`, or null where they have none. */
function byId(list: unknown[]): Map<unknown, unknown> | null {
  const all = new Map(list.map((x) => [isObject(x) ? x.id : undefined, x]));
  return all.has(undefined) || all.size !== list.length ? null : all;
}

/** `typed` and `answered`, both of which began as `before`: whatever only one of them changed is taken from it,
    and where both changed the same, what was typed stays. Lists whose members carry an `id` are joined member by
    member; other lists of one length place by place, else whole. */
export function merged(before: unknown, typed: unknown, answered: unknown): unknown {
  if (same(typed, before)) return answered;
  if (same(answered, before)) return typed;
  if (Array.isArray(before) && Array.isArray(typed) && Array.isArray(answered)) {
    const [b, t, a] = [byId(before), byId(typed), byId(answered)];
    if (b && t && a) {
      const stay = [...t.keys()].filter((id) => a.has(id) || !b.has(id));
      const come = [...a.keys()].filter((id) => !t.has(id) && !b.has(id));
      return [...stay, ...come].map((id) =>
        t.has(id) && a.has(id) ? merged(b.get(id), t.get(id), a.get(id)) : (t.get(id) ?? a.get(id)),
      );
    }
    if (typed.length !== before.length) return typed;
    if (answered.length !== before.length) return answered;
    return typed.map((x, at) => merged(before[at], x, answered[at]));
  }
  if (isObject(before) && isObject(typed) && isObject(answered)) {
    const keys = new Set([...Object.keys(typed), ...Object.keys(answered)]);
    return Object.fromEntries([...keys].map((key) => [key, merged(before[key], typed[key], answered[key])]));
  }
  return typed;
}
