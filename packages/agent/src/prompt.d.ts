import type { HelloResponse, RunContext } from "@aito/protocol";
export interface SystemBlock {
    type: "text";
    text: string;
    cache_control?: {
        type: "ephemeral";
    };
}
export interface Prompt {
    /** The same for every run of this incarnation, so that the provider's prompt cache holds. */
    system: SystemBlock[];
    user: string;
}
/** The prompts of one run. The context stands in exactly one `<context>` block, as JSON in which `<` is escaped. */
export declare function buildPrompt(hello: HelloResponse, context: RunContext): Prompt;
