import { z } from "zod";

/** Settings of an agent's container. The seed's names stand in its environment for people and tools to read; none is a secret. */
export const Config = z.object({
  AITO_SOCKET: z.string().default("/link/gateway/gateway.sock"),
  AITO_REDIS_SOCKET: z.string().default("/link/redis/redis.sock"),
  AGENT_PROFILE: z.string().default("/tmp/profile.md"),
});
