import { type Clock } from "@aito/base";
import type { z } from "zod";
export declare const connectAttemptsMax = 8;
export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;
/** The agent's only way out: HTTP over the gateway's unix socket. */
export interface GatewayLink {
    /** As the platform's fetch; the host of the URL is ignored. Retries a connect that was refused or found a full backlog. */
    fetch: Fetch;
    /** POSTs JSON with the session and parses the answer. Errors: the gateway's own codes, or AITO_AGENT_GATEWAY (fate retry). */
    post<S extends z.ZodType>(path: string, body: unknown, answer: S, options?: {
        signal?: AbortSignal;
        timeoutMs?: number;
    }): Promise<z.infer<S>>;
    useSession(session: string): void;
    close(): Promise<void>;
}
export declare const gatewayOrigin = "http://gateway";
export declare function connectGateway(options: {
    socketPath: string;
    clock: Clock;
    random: () => number;
}): GatewayLink;
/** The gateway no longer knows this incarnation: the container must exit. */
export declare function isRefused(error: unknown): boolean;
