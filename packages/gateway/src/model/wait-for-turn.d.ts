import type { GatewayContext } from "../gateway-context.ts";
/** Model calls of one agent: a burst, then a steady rate. */
export declare const modelRate: {
    readonly capacity: 30;
    readonly perSecond: 1;
};
export declare const turnWaitMsMax = 30000;
/**
 * Takes a token of the agent's bucket, waiting for one if need be. Error: AITO_MODEL_RATE (429) after `turnWaitMsMax`. Without
 * the bus the call goes on: a lost Redis must not stop the company, and runs have limits of their own.
 */
export declare function waitForTurn(context: GatewayContext, agent: string, signal: AbortSignal): Promise<void>;
