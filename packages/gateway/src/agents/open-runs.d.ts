import { type AgentSession, type CompanyDeps } from "@aito/company";
/**
 * Which run an agent is in, so that receipts and usage are booked on it. The agent is not asked: it could name another's.
 * Kept in memory and read from the record when this gateway did not hand the run out itself.
 */
export interface OpenRuns {
    started(session: AgentSession, run: string): void;
    ended(session: AgentSession): void;
    of(session: AgentSession): Promise<string | null>;
}
export declare function makeOpenRuns(deps: CompanyDeps): OpenRuns;
