import { AitoError } from "@aito/base";
import type { AgentUser } from "./bus.ts";

export const agentUserPrefix = "agent:";

/** Refuses a user that could stand for anyone but one incarnation of one agent. */
export function checkAgentUser(user: AgentUser): void {
  if (!/^agent:[a-z0-9-]{1,60}:\d{1,9}$/.test(user.name)) {
    throw new AitoError("AITO_BUS_USER", `not the name of an agent's bus user: "${user.name}"`, { hint: "agent:<name>:<epoch>" });
  }
  if (!/^[0-9a-f]{64}$/.test(user.passwordHash)) {
    throw new AitoError("AITO_BUS_USER", `the password hash of ${user.name} is not a SHA-256 in hex`);
  }
  const odd = user.channels.find((channel) => !/^channel:[a-z0-9:-]+$/.test(channel));
  if (odd !== undefined || user.channels.length === 0) {
    throw new AitoError("AITO_BUS_USER", `${user.name} may not be given the channel "${odd ?? ""}"`, {
      hint: "plain channel names, no patterns",
    });
  }
}
