/** One place in which two JSON values differ; a value that is not there is null, the others are written as JSON. */
export interface JsonChange {
  /** Dotted, `[n]` for the element of a list. */
  path: string;
  before: string | null;
  after: string | null;
}

const asRecord = (value: unknown): Record<string, unknown> | null =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
const written = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value, null, 2));
const at = (value: Record<string, unknown>, key: string): unknown => (Object.hasOwn(value, key) ? value[key] : undefined);

/** Pure: every place in which the values differ, in the order of the first one, what is only in the second one last. */
export function jsonChanges(before: unknown, after: unknown, path = ""): JsonChange[] {
  const [old, now] = [asRecord(before), asRecord(after)];
  if (old && now) {
    const keys = [...Object.keys(old), ...Object.keys(now).filter((key) => !Object.hasOwn(old, key))];
    return keys.flatMap((key) => jsonChanges(at(old, key), at(now, key), path === "" ? key : `${path}.${key}`));
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const [one, other]: [unknown[], unknown[]] = [before, after];
    return Array.from({ length: Math.max(one.length, other.length) }, (_, index) => index).flatMap((index) =>
      jsonChanges(one[index], other[index], `${path}[${index}]`),
    );
  }
  const change = { path, before: written(before), after: written(after) };
  return change.before === change.after ? [] : [change];
}
