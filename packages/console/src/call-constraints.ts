import type { ArgumentConstraint } from "@aito/protocol";
import { spelledJson } from "./spelled-json.ts";
import { visibleLine } from "./visible-parts.ts";

/** A condition on an argument as it stands in a form. */
export interface ConstraintLine {
  path: string;
  is: ArgumentConstraint["is"];
  /** JSON, or a plain text; for `one_of` a list, as JSON or with commas between. */
  value: string;
}

export const constraintWords: Record<ArgumentConstraint["is"], string> = {
  equal: "is exactly",
  one_of: "is one of",
  at_most: "is at most",
  shorter_than: "is shorter than (characters)",
  absent: "is not given",
};

/** A text of up to that many characters is taken to be an address or a title, a longer one what the call says. */
const exactCharactersMax = 120;
/** The platform's own arguments are no part of what a call does. */
const apart = /^(decision_id|approval_id|files|for_task|aito_.*)$/;

const properties = (schema: unknown): string[] => {
  const of = typeof schema === "object" && schema !== null ? (schema as { properties?: unknown }).properties : null;
  return typeof of === "object" && of !== null ? Object.keys(of) : [];
};

/**
 * Pure: conditions that calls like this one meet, a line for each of its arguments and one for each that the tool takes and this call
 * leaves out: what no line names is free. Amounts may be less, long texts other ones of no more than that length.
 */
export function constraintsLike(args: Record<string, unknown>, schema: unknown): ConstraintLine[] {
  const given = Object.entries(args).map(([name, value]): ConstraintLine => {
    // A name that hides something stands there as it looks, and so permits nothing.
    const path = edgesSpelled(visibleLine(name), (code) => `[U+${code.toUpperCase()}]`);
    if (typeof value === "number" && value >= 0) return { path, is: "at_most", value: String(value) };
    if (typeof value === "string" && value.length > exactCharactersMax)
      return { path, is: "shorter_than", value: String(value.length + 1) };
    return { path, is: "equal", value: spelledJson(JSON.stringify(value)) };
  });
  const left = properties(schema).filter((name) => !Object.hasOwn(args, name) && !apart.test(name));
  return [...given, ...left.map((name): ConstraintLine => ({ path: spelledName(name), is: "absent", value: "" }))];
}

/** A tool's own argument is named exactly, whatever its name hides: were it not, the call would be free to give it. */
const spelledName = (name: string): string =>
  edgesSpelled(spelledJson(JSON.stringify(name)).slice(1, -1), (code) => `\\u${code}`);

/** Blanks around what is typed mean nothing, so those that a name itself begins or ends with are written as codes. */
const edgesSpelled = (text: string, spelled: (code: string) => string): string =>
  text.replaceAll(/^\s+|\s+$/g, (blanks) =>
    [...blanks].map((blank) => spelled(blank.codePointAt(0)!.toString(16).padStart(4, "0"))).join(""),
  );

/** Pure: a line as the API takes it, or what is wrong with it in words. */
export function readConstraint({ path: given, is, value: text }: ConstraintLine): ArgumentConstraint | { problem: string } {
  const path = given.trim();
  if (path === "") return { problem: "name the argument" };
  switch (is) {
    case "absent":
      return { path: nameOf(path), is };
    case "equal":
      return { path, is, value: valueOf(text) };
    case "one_of": {
      const list = listOf(text);
      return list.length > 0 ? { path, is, value: list } : { problem: `${path}: give at least one value` };
    }
    case "at_most":
      return isNumber(text) ? { path, is, value: Number(text) } : { problem: `${path}: give a number` };
    case "shorter_than":
      return isNumber(text) && Number.isInteger(Number(text)) && Number(text) > 0
        ? { path, is, value: Number(text) }
        : { problem: `${path}: give a whole number of characters` };
    default:
      return is satisfies never;
  }
}

const isNumber = (text: string): boolean => text.trim() !== "" && Number.isFinite(Number(text));

type Value = Extract<ArgumentConstraint, { is: "equal" }>["value"];

/** JSON is taken as such; anything else is a text. */
function valueOf(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return text;
  }
}

function nameOf(spelled: string): string {
  try {
    return JSON.parse(`"${spelled}"`) as string;
  } catch {
    return spelled;
  }
}

function listOf(text: string): Value[] {
  const value = text.trim().startsWith("[") ? valueOf(text) : null;
  if (Array.isArray(value)) return value;
  return text
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "")
    .map(valueOf);
}

/** What a condition asks of a call, in a line. */
export function constraintText(one: ArgumentConstraint): string {
  switch (one.is) {
    case "absent":
      return `${one.path} is not given`;
    case "shorter_than":
      return `${one.path} is shorter than ${one.value} characters`;
    case "one_of":
      return `${one.path} is one of ${one.value.map((each) => JSON.stringify(each)).join(", ")}`;
    case "equal":
    case "at_most":
      return `${one.path} ${constraintWords[one.is]} ${JSON.stringify(one.value)}`;
    default:
      return one satisfies never;
  }
}
