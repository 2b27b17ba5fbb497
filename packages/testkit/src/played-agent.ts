import { connectGateway } from "@aito/agent";
import { newProofKey, newToken, sha256 } from "@aito/base";
import { beginIncarnation, type CompanyDeps, wakeNow } from "@aito/company";
import { agentApi, HelloResponse, PollResponse, RunContext } from "@aito/protocol";

export interface ToolAnswer {
  ok: boolean;
  body: Record<string, unknown>;
}

/** An agent in its container's place: its session, and a run that the gateway handed out. */
export interface PlayedAgent {
  name: string;
  session: string;
  profile: string;
  call(tool: string, args: Record<string, unknown>): Promise<ToolAnswer>;
  request(
    path: string,
    method: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; text: string }>;
  /** Woken by the operator, polls for the run, does its work in it, and reports. Without `read` it never asks for its context. */
  run<T>(options: { read: boolean }, work: (context: RunContext | null) => Promise<T>): Promise<T>;
  tools(): Promise<string[]>;
}

/** The agent's next incarnation, in its container's place, at the gateway's socket. `link` is closed by the caller. */
export async function playAgent(
  deps: CompanyDeps,
  { socketPath, agent }: { socketPath: string; agent: string },
): Promise<{ played: PlayedAgent; link: { close(): Promise<void> } }> {
  const token = newToken("run");
  const stdin = { token, ...(await beginIncarnation(deps, { agent, tokenHash: sha256(token) })) };
  const proofKey = newProofKey();
  const link = connectGateway({ socketPath, clock: deps.clock, random: () => 0, proofKey });
  const hello = await link.post(agentApi.hello, { ...stdin, containerKey: proofKey.publicKey }, HelloResponse);
  link.useSession(hello.session);
  const request: PlayedAgent["request"] = async (path, method, body, headers = {}) => {
    const response = await link.fetch(`http://gateway${path}`, {
      method,
      headers: { accept: "application/json, text/event-stream", "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, text: await response.text() };
  };
  const mcp = async (method: string, params: unknown): Promise<Record<string, unknown>> => {
    const { text } = await request("/mcp", "POST", { jsonrpc: "2.0", id: 1, method, params });
    return JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text) as Record<string, unknown>;
  };
  const call: PlayedAgent["call"] = async (name, args) => {
    const answer = await mcp("tools/call", { name, arguments: args });
    const result = answer["result"] as { isError?: boolean; content: { text: string }[] } | undefined;
    if (!result) return { ok: false, body: { code: "unknown tool", message: JSON.stringify(answer["error"]) } };
    const text = result.content[0]?.text ?? "";
    return { ok: result.isError !== true, body: text.startsWith("{") ? (JSON.parse(text) as Record<string, unknown>) : { text } };
  };
  const played: PlayedAgent = {
    name: agent,
    session: hello.session,
    profile: hello.profileMarkdown,
    call,
    request,
    tools: async () =>
      ((await mcp("tools/list", {}))["result"] as { tools: { name: string }[] }).tools.map(({ name }) => name).toSorted(),
    run: async ({ read }, work) => {
      await wakeNow(deps, { agent, reason: "the operator asks", about: "work" });
      const { run } = await link.post(agentApi.poll, { waitMs: 20_000 }, PollResponse, { timeoutMs: 40_000 });
      if (!run) throw new Error(`${agent} was not given a run`);
      const context = read ? await link.post(agentApi.context, { run: run.id }, RunContext) : null;
      const result = await work(context);
      const acknowledged = (context?.messages ?? []).map(({ id }) => id);
      const report = { run: run.id, outcome: "done", summary: "done", error: null, modelCalls: 0, acknowledged };
      await request(agentApi.report, "POST", report);
      return result;
    },
  };
  return { played, link };
}
