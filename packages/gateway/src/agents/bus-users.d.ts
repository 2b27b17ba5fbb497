import type { GatewayContext } from "../gateway-context.ts";
export declare const keepEveryMs = 2000;
/**
 * Keeps the agents' bus users as Postgres says: when the bus server was restarted all live ones are made again, and now and then
 * those without a live session are removed. Runs until the gateway closes.
 */
export declare function keepBusUsers(context: GatewayContext): Promise<void>;
/** One round. Returns the bus server's run id, to be given to the next. */
export declare function keepOnce(context: GatewayContext, last: {
    runId: string | null;
    sweep: boolean;
}): Promise<string>;
