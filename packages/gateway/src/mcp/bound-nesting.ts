import { AitoError, cutNesting, isNestedDeeper } from "@aito/base";
import { argumentsNestingMax } from "@aito/company";

/** The message, its `params`, and then a call's arguments. */
const aroundArguments = 2;

/**
 * Stands before whatever goes down a message by itself. Says whether the arguments of a call were nested too deep: they are cut in place, so
 * that the call can be refused with a receipt like any other. Error: AITO_REQUEST_INVALID for depth anywhere else.
 */
export function boundNesting(body: unknown): boolean {
  if (!isNestedDeeper(body, argumentsNestingMax + aroundArguments)) return false;
  const { params } = body as { params?: { arguments?: unknown } | null };
  const isCut = isNestedDeeper(params?.arguments, argumentsNestingMax);
  if (isCut) params!.arguments = cutNesting(params!.arguments, argumentsNestingMax);
  if (!isCut || isNestedDeeper(body, argumentsNestingMax + aroundArguments)) {
    throw new AitoError("AITO_REQUEST_INVALID", `the message is nested deeper than ${argumentsNestingMax} levels`);
  }
  return true;
}
