/** Every channel and key name in Redis, as the seed gives them. `agent` is `agents.name`. */
export const channels = {
  broadcast: "channel:broadcast",
  head: "channel:head",
  clevel: "channel:clevel",
  agent: (agent: string) => `channel:agent:${agent}`,
  /** Ours: changes of state for open console pages; carries event ids, never secrets. */
  console: "channel:console",
  /** Ours: GitHub is to be asked for changes at once. */
  board: "channel:board",
  /** Ours: a kill switch was pressed or resumed. */
  switches: "channel:switches",
  /** Ours: rings the reconciler when desired or observed state may have changed. */
  orchestrator: "channel:orchestrator",
} as const;

export const keys = {
  agentStatus: (agent: string) => `agent:status:${agent}`,
  tasksQueuePrefix: "queue:tasks",
  urgentQueuePrefix: "queue",
  urgentQueueName: "urgent",
  rateLimit: (agent: string) => `ratelimit:claude:${agent}`,
  containerLock: (agent: string) => `lock:container:${agent}`,
} as const;

/** The channels an agent's own Redis user may subscribe to. */
export function channelsOf(agent: { name: string; isHead: boolean; isCouncil: boolean }): string[] {
  const own: string[] = [channels.broadcast, channels.agent(agent.name)];
  if (agent.isHead) own.push(channels.head);
  if (agent.isCouncil) own.push(channels.clevel);
  return own;
}
