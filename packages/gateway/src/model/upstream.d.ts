import { type Dispatcher } from "undici";
import type { GatewayContext } from "../gateway-context.ts";
/** The only retries on the way to the model: 3 attempts in all, for an overloaded, limiting or absent upstream. */
export declare const attemptsMax = 3;
/**
 * Asks the upstream with the real key and returns its answer, whatever its status, with the body unread. Error:
 * AITO_MODEL_UNAVAILABLE (503) when no attempt got an answer. `signal` aborts the call and the waiting.
 */
export declare function askUpstream(context: GatewayContext, ask: {
    method: "GET" | "POST";
    path: string;
    headers: Record<string, string | string[] | undefined>;
    body?: Buffer;
    signal: AbortSignal;
}): Promise<Dispatcher.ResponseData>;
