import { type AgentSession, type ClaimedRun } from "@aito/company";
import type { GatewayContext } from "../gateway-context.ts";
import type { Bells } from "./bells.ts";
/** A parked poll looks again this often even if no bell rings: bells can be lost, rows cannot. */
export declare const lookEveryMs = 15000;
/** Polls that wait, in memory only: nothing is claimed for a client that has gone. */
export interface Polls {
    /**
     * Waits up to `waitMs` for work and claims all of it as one run; null when there was none. `gone` aborts when the client has
     * gone. A newer poll of the same agent ends an older one.
     */
    wait(session: AgentSession, options: {
        waitMs: number;
        gone: AbortSignal;
    }): Promise<ClaimedRun | null>;
    /** What was claimed could not be handed over: it waits again. */
    giveBack(session: AgentSession, runId: string): Promise<void>;
    /** After the hand-over: the queue hints have done their work. */
    delivered(session: AgentSession, claimed: ClaimedRun): Promise<void>;
}
export declare function makePolls(context: GatewayContext, bells: Bells): Polls;
