import { type Clock, type Logger } from "@aito/base";
import type { Bell } from "@aito/bus";
import { HelloResponse, type StdinLine } from "@aito/protocol";
export interface AgentOptions {
    gateway: {
        socketPath: string;
    };
    stdin: StdinLine;
    /** What the agent hears Redis with; null where the gateway's poll alone wakes it. */
    makeBell: (hello: HelloResponse) => Promise<Bell | null>;
    log: Logger;
    clock: Clock;
    /** Ends the agent at once, as a kill would. */
    signal: AbortSignal;
    /** A folder in tmpfs for the profile; null where there is none (embedded). */
    tmp: string | null;
    profileFile?: string;
    random?: () => number;
}
export declare const pollWaitMs = 25000;
/** How long hello and report are tried while the gateway is away; a poll is tried for ever. */
export declare const patienceMs = 30000;
/**
 * An agent's life: hello, heartbeats, and runs until it is told to end. Returns the exit code: 0 when told to end, 77 when the
 * gateway refuses this incarnation, 69 when the gateway stays away, 137 when `signal` aborts.
 */
export declare function runAgent(options: AgentOptions): Promise<number>;
