import { AitoError, type Logger } from "@aito/base";
import type { ApiError } from "@aito/protocol";
/** Any thrown thing as the gateway's own error; what nobody expected is logged here and shown without its text. */
export declare function toAitoError(error: unknown, log: Logger): AitoError;
export declare function apiError(error: AitoError): ApiError;
