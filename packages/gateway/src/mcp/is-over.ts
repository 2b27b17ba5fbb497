import { type AitoError, isAitoError } from "@aito/base";

/** Whether a call ended because its caller may do nothing any more: replaced by its next incarnation, or stopped by a kill switch. */
export const isOver = (error: unknown): error is AitoError =>
  isAitoError(error, "AITO_STOPPED") || isAitoError(error, "AITO_AGENT_STALE");
