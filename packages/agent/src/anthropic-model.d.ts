import { type Fetch } from "./gateway-link.ts";
import type { ModelReply, ModelRequest } from "./tool-loop.ts";
/** A model call that brings no event for this long is given up. */
export declare const silenceMsMax = 120000;
/**
 * The model behind the gateway, streamed. The SDK's own retries are off: the gateway is the only place that retries. The session
 * is what the gateway needs to know; a real key is never here.
 */
export declare function anthropicModel(options: {
    fetch: Fetch;
    session: string;
    model: string;
    run: string;
    after: (ms: number, run: () => void) => () => void;
    onProgress: () => void;
}): (request: ModelRequest) => Promise<ModelReply>;
