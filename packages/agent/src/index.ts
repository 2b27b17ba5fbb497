export { runAgent, type AgentOptions } from "./run-agent.ts";
export { buildPrompt, type Prompt } from "./prompt.ts";
// The parts of one run, for tests of the whole way from a model's answer to a tool.
export { anthropicModel } from "./anthropic-model.ts";
export { connectGateway } from "./gateway-link.ts";
export { connectTools } from "./mcp-tools.ts";
export { runToolLoop, type ToolLoopResult } from "./tool-loop.ts";
