/** What the heartbeat says: what the agent is doing, and a number that grows with each step, so that busy differs from hung. */
export interface Activity {
    readonly doing: string | null;
    readonly progress: number;
    start(doing: string): void;
    step(doing?: string): void;
    rest(): void;
}
export declare function makeActivity(): Activity;
