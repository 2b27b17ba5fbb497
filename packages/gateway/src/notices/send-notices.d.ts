import type { GatewayContext } from "../gateway-context.ts";
/** One escalation that a human should hear of, with a working link. */
export interface Notice {
    /** The same at every attempt: the receiver's key for dropping a repeat. */
    id: string;
    /** How often sending it failed so far. */
    attempts: number;
    decision: Record<string, unknown>;
    reason: string;
    url: string;
    expiresAt: string;
}
/** The records behind the notices. `pending` leaves out what was sent and what was tried too often. */
export interface NoticeRecords {
    pending(): Promise<Notice[]>;
    sent(id: string): Promise<void>;
    failed(id: string, error: string): Promise<void>;
}
/** With the queue's doubling wait: a quarter of an hour of trying. After that the console alone shows the escalation. */
export declare const noticeAttemptsMax = 10;
export declare const lookEveryMs = 5000;
/**
 * Sends each waiting escalation's notice by one signed webhook, as a background job: retried with backoff, every attempt
 * recorded, at least once. Looks when something happened in the company, and every few seconds.
 */
export declare function sendNotices(context: GatewayContext, options: {
    webhook: {
        url: string;
        secret: string;
    };
    records: NoticeRecords;
}): Promise<{
    close(): Promise<void>;
}>;
