import { wellFormed } from "@aito/base";
import type { FleetHook, HookRule } from "@aito/protocol";

const nameCharactersMax = 100;
const titleCharactersMax = 200;
const valueCharactersMax = 80;
const textCharactersMax = 6_000;

/** A signed body, as far as rules look into it. */
export interface HookBody {
  value: Record<string, unknown>;
  type: string | null;
  action: string | null;
}

/** Null when it is no JSON object. */
export function readBody(body: Uint8Array): HookBody | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
    if (value === null || typeof value !== "object" || Array.isArray(value)) return null;
    const text = (one: unknown): string | null => (typeof one === "string" ? oneLine(one, nameCharactersMax) : null);
    const object = value as Record<string, unknown>;
    return { value: object, type: text(object["type"]), action: text(object["action"]) };
  } catch {
    return null;
  }
}

/** Without what could break a line or hide in it, and not for ever. */
export const oneLine = (text: string, charactersMax: number): string =>
  wellFormed(text)
    .replaceAll(/[\p{C}\p{Z}]+/gu, " ")
    .trim()
    .slice(0, charactersMax);

/** What stands at a dotted path; own keys alone count. */
function valueAt(value: unknown, path: string): unknown {
  let at: unknown = value;
  for (const part of path.split(".")) {
    if (at === null || typeof at !== "object" || !Object.hasOwn(at, part)) return undefined;
    at = (at as Record<string, unknown>)[part];
  }
  return at;
}

/** The first rule that fits; null when none does. */
export function ruleFor(hook: Pick<FleetHook, "rules">, event: string | null, body: HookBody): HookRule | null {
  const fits = (rule: HookRule): boolean =>
    (rule.event === "*" || rule.event === event) &&
    (rule.action === undefined || rule.action === body.action) &&
    Object.entries(rule.where ?? {}).every(([path, wanted]) => valueAt(body.value, path) === wanted);
  return hook.rules.find(fits) ?? null;
}

/** The rule's title with what the body says; a path that leads nowhere, or to no plain value, is a question mark. */
export function titleOf(template: string, body: HookBody): string {
  const filled = template.replaceAll(/\{([\w.-]{1,200})\}/g, (_all, path: string) => {
    const value = valueAt(body.value, path);
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    return typeof value === "string" ? oneLine(value, valueCharactersMax) : "?";
  });
  return oneLine(filled, titleCharactersMax);
}

/** The whole body for whoever works with it, as far as it is not endless. */
export const bodyText = ({ value }: HookBody): string => wellFormed(JSON.stringify(value, null, 1)).slice(0, textCharactersMax);
