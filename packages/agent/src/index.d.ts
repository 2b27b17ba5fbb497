export { runAgent, type AgentOptions } from "./run-agent.ts";
export { buildPrompt, type Prompt } from "./prompt.ts";
