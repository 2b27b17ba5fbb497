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
    permission.constraints.every((constraint) => {
      const values = valuesAt(call.arguments, constraint.path.split("."));
      return values.length === 0 ? constraint.is === "absent" : values.every((value) => holds(constraint, value));
    })
  );
}

function holds(constraint: ArgumentConstraint, value: unknown): boolean {
  switch (constraint.is) {
    case "equal":
      return same(value, constraint.value);
    case "one_of":
      return constraint.value.some((each) => same(value, each));
    case "at_most":
      // Less than nothing is no smaller amount of the same: it turns a payment round.
      return typeof value === "number" && value <= constraint.value && (value >= 0 || constraint.value < 0);
    case "absent":
      return false;
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

/** All that a path may mean: a dot is a step into a value, or a part of an argument's own name. */
function valuesAt(value: unknown, steps: readonly string[]): unknown[] {
  if (steps.length === 0) return [value];
  if (typeof value !== "object" || value === null) return [];
  return steps.flatMap((_, at) => {
    const name = steps.slice(0, at + 1).join(".");
    return Object.hasOwn(value, name) ? valuesAt((value as Record<string, unknown>)[name], steps.slice(at + 1)) : [];
  });
}
