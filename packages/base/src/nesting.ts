/**
 * Whether a JSON-like value holds lists and objects within each other more than `max` deep; a value that holds nothing is 0 deep. Goes down
 * level by level, so that no depth is too much for it: what recurses comes after it.
 */
export function isNestedDeeper(value: unknown, max: number): boolean {
  let level: object[] = isHolder(value) ? [value] : [];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth >= max) return true;
    level = level.flatMap((holder) => Object.values(holder).filter(isHolder));
  }
  return false;
}

/** A copy of it whose lists and objects are at most `max` deep: what is deeper is null. */
export function cutNesting(value: unknown, max: number): unknown {
  if (!isHolder(value)) return value;
  if (max <= 0) return null;
  if (Array.isArray(value)) return value.map((item) => cutNesting(item, max - 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cutNesting(item, max - 1)]));
}

const isHolder = (value: unknown): value is object => typeof value === "object" && value !== null;
