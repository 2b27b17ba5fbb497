import type { ArgumentConstraint } from "@aito/protocol";

/** What an operator has permitted beforehand, and what is left of it in the present period. */
export interface StandingPermission {
  id: string;
  name: string;
  tool: string;
  constraints: readonly ArgumentConstraint[];
  timesLeft: number;
  leftMicroUsd: bigint;
}

interface Call {
  tool: string;
  arguments: Record<string, unknown>;
  amountMicroUsd: bigint;
  files?: readonly unknown[];
}

/** Pure: whether the permission covers exactly this call. What goes with a call as a file is bound by no constraint, so that a human sees it. A constraint on an argument that is not there does not hold, but for `absent`. */
export function permits(permission: StandingPermission, call: Call): boolean {
  return (
    permission.tool === call.tool &&
    (call.files ?? []).length === 0 &&
    permission.timesLeft > 0 &&
    call.amountMicroUsd <= permission.leftMicroUsd &&
    permission.constraints.every((constraint) => holds(constraint, valueAt(call.arguments, constraint.path)))
  );
}

function holds(constraint: ArgumentConstraint, value: unknown): boolean {
  switch (constraint.is) {
    case "equal":
      return same(value, constraint.value);
    case "one_of":
      return constraint.value.some((each) => same(value, each));
    case "at_most":
      return typeof value === "number" && value <= constraint.value;
    case "absent":
      return value === undefined;
    case "shorter_than":
      return typeof value === "string" && value.length < constraint.value;
    default:
      return constraint satisfies never;
  }
}

/** JSON values are the same when all of them is; text is compared as it is, code unit by code unit. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [keys, others] = [Object.keys(a), Object.keys(b)];
  return (
    keys.length === others.length &&
    keys.every((key) => Object.hasOwn(b, key) && same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
  );
}

function valueAt(value: unknown, path: string): unknown {
  let here = value;
  for (const step of path.split(".")) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as Record<string, unknown>)[step];
  }
  return here;
}
