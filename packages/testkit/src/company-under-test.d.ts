export interface CommandResult {
    code: number;
    stdout: string;
    stderr: string;
}
/** A company as an operator has it: a folder, a pack, and the command. Everything goes through `scripts/aito`. */
export interface CompanyUnderTest {
    folder: string;
    pack: string;
    slug: string;
    port: number;
    run(args: string[], timeoutMs?: number): Promise<CommandResult>;
    /** Runs with --json and parses the last line; throws with stderr when the command fails. */
    json<T>(args: string[], timeoutMs?: number): Promise<T>;
    remove(): void;
}
/** A copy of `profiles/aito` under another company name, in a folder of its own, so that a company that runs here is left alone. */
export declare function companyUnderTest(slug: string, environment?: Record<string, string>): Promise<CompanyUnderTest>;
