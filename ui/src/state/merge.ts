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

/** `before` with a mark wherever one of `typed` says otherwise: what was changed and changed back is typed too, and what is
    answered meanwhile does not replace it. */
export function marked(before: unknown, typed: unknown[]): unknown {
  const other = typed.filter((one) => !same(one, before));
  if (other.length === 0) return before;
  if (isObject(before) && other.every(isObject)) {
    const entries = Object.entries(before);
    return Object.fromEntries(
      entries.map(([key, value]) => [
        key,
        marked(
          value,
          other.map((one) => one[key]),
        ),
      ]),
    );
  }
  if (Array.isArray(before) && other.every(Array.isArray)) {
    const lists = other as unknown[][];
    const [ids, each] = [byId(before), lists.map(byId)];
    if (ids && each.every((one) => one !== null)) {
      // Who came and who went is seen in what is typed now.
      const seen = (id: unknown) => each.filter((one) => one.has(id)).map((one) => one.get(id));
      return [...ids].map(([id, value]) => marked(value, seen(id)));
    }
    if (lists.every((one) => one.length === before.length))
      return before.map((value, at) =>
        marked(
          value,
          lists.map((one) => one[at]),
        ),
      );
  }
  return Symbol("typed");
}
