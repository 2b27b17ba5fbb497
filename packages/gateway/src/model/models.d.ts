/** Prices and aliases; vendor prices move, so the file carries its source and date. */
export declare const models: {
    source: string;
    date: string;
    models: Record<string, {
        input: string;
        output: string;
        cacheWrite5m: string;
        cacheWrite1h: string;
        cacheRead: string;
        above?: {
            input: string;
            output: string;
            cacheWrite5m: string;
            cacheWrite1h: string;
            cacheRead: string;
            promptTokens: number;
        } | undefined;
    }>;
    aliases: Record<string, {
        model: string;
        note: string;
    }>;
};
/** The current name of a model; `warning` says why it differs from the one that was asked for. */
export declare function resolveModel(asked: string): {
    id: string;
    warning: string | null;
};
/** What one call used, as its response said; null where it did not. */
export interface TokenUsage {
    input: number | null;
    output: number | null;
    cacheWrite: number | null;
    /** The part of `cacheWrite` that is kept for an hour. */
    cacheWrite1h: number;
    cacheRead: number | null;
}
/**
 * The cost of one call in micro-dollars, rounded up; null when the model has no price here or the usage is not known. The rates
 * depend on that call's own prompt length, so that it cannot be computed from sums.
 */
export declare function costMicroUsd(model: string, usage: TokenUsage): bigint | null;
