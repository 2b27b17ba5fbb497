import { type HelloResponse } from "@aito/protocol";
import type { GatewayContext } from "../gateway-context.ts";
export declare const heartbeatMs = 5000;
export declare const statusTtlMs = 20000;
/** Limits of one run; a worker's time is its type's in the fleet file. */
export declare const runLimits: {
    readonly turnsMax: 16;
    readonly runSecondsMax: 600;
    readonly outputTokensMax: 64000;
};
/** Spends the one-time token and answers with all that the agent needs to live: session, profile, bell, limits. */
export declare function sayHello(context: GatewayContext, input: {
    token: string;
    epoch: number;
}): Promise<HelloResponse>;
