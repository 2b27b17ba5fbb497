import type { Redis } from "ioredis";
import { agentUserPrefix, checkAgentUser } from "../agent-user-name.ts";
import type { AgentUser } from "../bus.ts";

/** The commands that an agent's user may give. AUTH and HELLO need no permission. */
const agentCommands = ["-@all", "+subscribe", "+unsubscribe", "+ping"];

/** Sets the whole user in one command, so that it never stands half-made; a live connection keeps channels it still may hear. */
export async function setAgentUser(client: Redis, user: AgentUser): Promise<void> {
  checkAgentUser(user);
  const rules = ["reset", "on", `#${user.passwordHash}`, "resetchannels", ...user.channels.map((channel) => `&${channel}`)];
  await client.call("ACL", "SETUSER", user.name, ...rules, ...agentCommands);
}

/** Redis ends the connections of a deleted user itself. */
export async function deleteAgentUser(client: Redis, name: string): Promise<void> {
  if (name.startsWith(agentUserPrefix)) await client.call("ACL", "DELUSER", name);
}

export async function listAgentUsers(client: Redis): Promise<string[]> {
  const names = (await client.call("ACL", "USERS")) as string[];
  return names.filter((name) => name.startsWith(agentUserPrefix));
}
