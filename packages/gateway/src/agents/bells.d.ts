import { type Logger } from "@aito/base";
import type { Bus } from "@aito/bus";
import type { AgentSession } from "@aito/company";
type Listener = Pick<AgentSession, "agent" | "isHead" | "isCouncil">;
/**
 * The bells of all agents, heard over the gateway's one subscriber connection. A bell only says "look again": what is there to
 * claim stands in Postgres.
 */
export interface Bells {
    /** Starts hearing an agent's own channel; the groups' are always heard. */
    listen(agent: Listener): Promise<void>;
    /** A number that grows when a bell rings for the agent. Read it before looking, so that no ring between is missed. */
    count(agent: Listener): number;
    /** Resolves at the next ring for the agent, at once if its count is no longer `seen`. Call `cancel` when no longer waiting. */
    next(agent: Listener, seen: number): {
        rung: Promise<void>;
        cancel: () => void;
    };
    /** Stops hearing an agent that is gone. */
    forget(agent: string): Promise<void>;
    close(): Promise<void>;
}
export declare function hearBells(options: {
    bus: Bus;
    log: Logger;
}): Promise<Bells>;
export {};
