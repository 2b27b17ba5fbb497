import { numberAfter } from "@aito/company";
import { Fact, type OutsideFact } from "@aito/protocol";

/** So many facts one answer may state. */
const factsMax = 200;

interface Answer {
  text?: unknown;
  structured?: unknown;
}

/** A value at a path, and which elements of lists the path's stars went through. */
interface Found {
  value: unknown;
  through: number[];
}

/**
 * Pure: what the fleet file says that an answer of an outside tool states. A declaration that this answer does not bear out (nothing at
 * its path, no number, a text that can be read in two ways) states nothing.
 */
export function outsideFacts(
  declared: readonly OutsideFact[],
  answer: Answer,
  { args, now }: { args: Record<string, unknown>; now: Date },
): Fact[] {
  const facts: Fact[] = [];
  for (const fact of declared) {
    for (const { value, through } of valuesOf(fact, answer)) {
      const at = (path: string | undefined): unknown =>
        path === undefined ? undefined : found(answer.structured, path, through)[0]?.value;
      const unit = fact.unit ?? textOf(at(fact.unitAt));
      const entity = fact.entityAt === undefined ? entityOf(fact, args) : textOf(at(fact.entityAt));
      const parsed = Fact.safeParse({
        metric: fact.metric,
        value,
        unit,
        entity,
        period: fact.period ? { from: momentOf(at(fact.period.from)), to: momentOf(at(fact.period.to)) } : null,
        observedAt: fact.observedAt === undefined ? now.toISOString() : momentOf(at(fact.observedAt)),
      });
      if (parsed.success && facts.length < factsMax) facts.push(parsed.data);
    }
  }
  return facts;
}

function valuesOf(fact: OutsideFact, { text, structured }: Answer): { value: string; through: number[] }[] {
  if (fact.after !== undefined) {
    const value = typeof text === "string" && fact.unit !== undefined ? numberAfter(text, fact.after, fact.unit) : null;
    return value === null ? [] : [{ value, through: [] }];
  }
  return found(structured, fact.value!, []).flatMap(({ value, through }) => {
    const decimal = decimalOf(value);
    return decimal === null ? [] : [{ value: decimal, through }];
  });
}

/** `given`: which element each star means; the stars after those mean every element. */
function found(from: unknown, path: string, given: readonly number[]): Found[] {
  let all: Found[] = [{ value: from, through: [] }];
  for (const step of path.split(".")) {
    all = all.flatMap(({ value, through }): Found[] => {
      if (step !== "*") return own(value, step) ? [{ value: (value as Record<string, unknown>)[step], through }] : [];
      if (!Array.isArray(value)) return [];
      const only = given[through.length];
      const elements = value
        .slice(0, factsMax)
        .map((element: unknown, index) => ({ value: element, through: [...through, index] }));
      return only === undefined ? elements : elements.slice(only, only + 1);
    });
  }
  return all;
}

const own = (value: unknown, key: string): boolean => typeof value === "object" && value !== null && Object.hasOwn(value, key);

/** Numbers, and decimals as text. What a float cannot say exactly as a plain decimal is no number here. */
function decimalOf(value: unknown): string | null {
  const text = typeof value === "number" ? String(value) : typeof value === "string" ? value.trim() : "";
  return /^-?\d{1,18}(\.\d{1,12})?$/.test(text) ? text : null;
}

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" ? value.trim() : typeof value === "number" ? String(value) : undefined;
const entityOf = (fact: OutsideFact, args: Record<string, unknown>): string | undefined =>
  fact.entityArgument === undefined ? (fact.entity ?? "company") : textOf(args[fact.entityArgument]);
/** A day is its beginning, UTC. */
function momentOf(value: unknown): string | undefined {
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2}))?$/.test(value)) return undefined;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
