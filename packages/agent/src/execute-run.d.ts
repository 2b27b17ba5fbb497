import { type Clock, type Logger } from "@aito/base";
import { type HelloResponse, type PollResponse, type ReportRequest } from "@aito/protocol";
import type { Activity } from "./activity.ts";
import { type GatewayLink } from "./gateway-link.ts";
import type { RunLog } from "./run-log.ts";
export interface RunDeps {
    link: GatewayLink;
    hello: HelloResponse;
    activity: Activity;
    runLog: RunLog;
    clock: Clock;
    log: Logger;
    signal: AbortSignal;
}
type Run = NonNullable<PollResponse["run"]>;
type Report = Omit<ReportRequest, "state" | "task"> & Partial<Pick<ReportRequest, "state" | "task">>;
/**
 * One pass of the loop: context in one call, the model only if something is new, and the report to send. Throws only when the
 * gateway refuses this incarnation; every other failure is a report with outcome `failed`.
 */
export declare function executeRun(run: Run, deps: RunDeps): Promise<Report>;
export {};
