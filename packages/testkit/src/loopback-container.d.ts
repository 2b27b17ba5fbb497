import Docker from "dockerode";
/** What every container of the tests carries: the service, the test run, and the process whose end makes it a leftover. */
export declare const testLabels: {
    readonly service: "aito.test";
    readonly run: "aito.test.run";
    readonly pid: "aito.test.pid";
};
export declare const dockerSocket: () => string;
export declare const openDocker: () => Docker;
/** Why containers of this image cannot be started here, or null. */
export declare function missingFor(image: string): Promise<string | null>;
export interface ServiceOptions {
    service: "postgres" | "redis";
    image: string;
    port: number;
    environment: Record<string, string>;
    command: string[];
    tmpfs?: Record<string, string>;
    mounts?: {
        source: string;
        target: string;
    }[];
    memoryMb: number;
    /** One container for all files of a test run, removed at its end. Only where `AITO_TEST_RUN` is set (see global-setup). */
    shared: boolean;
}
export interface Service {
    id: string;
    port: number;
    /** Runs a command inside; throws with its output when it fails. */
    run(command: string[]): Promise<string>;
    kill(): Promise<void>;
    startAgain(): Promise<void>;
    pause(): Promise<void>;
    unpause(): Promise<void>;
    stop(): Promise<void>;
}
/** Starts a service from one of our images and waits until it is healthy. */
export declare function startService(options: ServiceOptions): Promise<Service>;
