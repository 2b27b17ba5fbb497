export type { Fault } from "./faults.ts";
export type { AppRegistration } from "./app-tokens.ts";
export { unlimited } from "./rate-limits.ts";
export { type LocalGithub, type LocalGithubOptions, type NewRepository, startLocalGithub } from "./start-local-github.ts";
