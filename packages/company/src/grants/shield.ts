import { DataClass, type FleetFile, outsideToolsOf, shieldedClasses } from "@aito/protocol";

interface Entry {
  tools?: readonly string[] | undefined;
  sees?: readonly DataClass[] | undefined;
}

/** What a member of the fleet brings together: data that must not meet text from outside, and that text. */
export interface Meets {
  sees: DataClass[];
  web: boolean;
}

/** Pure: by its own entry alone. */
export function meetsOf(file: FleetFile, entry: Entry | undefined): Meets {
  const outside = new Map(outsideToolsOf(file.toolServers).map(({ name, entry: tool }) => [name, tool.dataClass]));
  // Our own tools are of classes that meet everything.
  const classOf = (name: string): DataClass | undefined => DataClass.safeParse(name).data ?? outside.get(name);
  const held = [...(entry?.sees ?? []), ...(entry?.tools ?? []).map(classOf)];
  return { sees: shieldedClasses.filter((each) => held.includes(each)), web: held.includes("web") };
}

/** Pure: a worker type and all that its workers may start, and theirs. */
export function reachOf(file: FleetFile, type: string): string[] {
  const reached = new Set<string>();
  const next = [type];
  for (let one = next.pop(); one !== undefined; one = next.pop()) {
    if (reached.has(one)) continue;
    reached.add(one);
    next.push(...(file.workers[one]?.spawns ?? []));
  }
  return [...reached];
}

/**
 * Pure: the worker types that a role may start. Where it names none, those of all types that bring no text from outside together with
 * personal or payment data: a task's description goes down, and its result comes back.
 */
export function startedBy(file: FleetFile, role: string): string[] {
  const entry = file.roles[role];
  if (entry?.workers) return entry.workers;
  const own = meetsOf(file, entry);
  return Object.keys(file.workers).filter((type) => {
    const below = reachOf(file, type).map((each) => meetsOf(file, file.workers[each]));
    return !below.some(({ web, sees }) => (web && own.sees.length > 0) || (own.web && sees.length > 0));
  });
}
