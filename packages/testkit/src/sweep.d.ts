/** Removes the containers of one test run, and those whose test process is gone. Returns how many. */
export declare function sweepContainers(run: string | null): Promise<number>;
