/** Chance by a fixed seed: the file is the same each time. */
export interface Chance {
  below: (n: number) => number;
  one: <T>(of: readonly T[]) => T;
  some: <T>(of: readonly T[], n: number) => T[];
  id: (prefix: string) => string;
}

export function chance(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (n: number): number => Math.floor(next() * n);
  const one = <T>(of: readonly T[]): T => of[below(of.length)]!;
  const some = <T>(of: readonly T[], n: number): T[] => {
    const left = [...of];
    return Array.from({ length: Math.min(n, of.length) }, () => left.splice(below(left.length), 1)[0]!);
  };
  const letters = "abcdefghjkmnpqrstvwxyz0123456789";
  return { below, one, some, id: (prefix) => `${prefix}${Array.from({ length: 9 }, () => one([...letters])).join("")}` };
}
