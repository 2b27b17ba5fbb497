import { z } from "zod";

/** Settings of the orchestrator's program (seed names first). POSTGRES_URL and REDIS_URL may come from `*_FILE`. */
export const OrchestratorConfig = z.object({
  POSTGRES_URL: z.string().min(1),
  REDIS_URL: z.string().min(1),
  DOCKER_SOCKET: z.string().default("/var/run/docker.sock"),
  AITO_FLEET: z.string().default("/profiles/fleet.yaml"),
  AITO_LINK_VOLUME: z.string().default("aito-link"),
  AITO_AGENT_IMAGE: z.string().default("aito-agent:latest"),
  AITO_WORKER_IMAGE: z.string().default("aito-worker:latest"),
  /** Of workers whose type says `executor: claude-code`; `aito up` builds it when a fleet file asks for it. */
  AITO_CLAUDE_CODE_IMAGE: z.string().default("aito-claude-code:latest"),
  /** `REHEARSAL` (deadlines of 20 s a round), or the model's name. */
  AITO_MODEL: z.string().default("REHEARSAL"),
  AITO_HOST: z.string().default("0.0.0.0"),
  AITO_PORT: z.coerce.number().int().min(0).max(65_535).default(8081),
  /** A file outside Postgres' reach, to which head and count of the history are added every minute; empty: none. */
  AITO_ANCHORS: z.string().default(""),
  /**
   * A name under which a restarted orchestrator goes on at once instead of waiting for its own earlier lease. Only where something
   * else makes sure that no two of that name run (a service manager); in a container its id is the name.
   */
  AITO_HOLDER: z.string().max(100).default(""),
  /** How long a leader that is not heard keeps its term. */
  AITO_LEASE_MS: z.coerce.number().int().min(500).max(60_000).default(10_000),
  AITO_TICK_MS: z.coerce.number().int().min(50).max(5_000).default(500),
  /** Tests of recovery: `agent#epoch=point[:n]`, several with commas (points: packages/base/README.md). */
  AITO_AGENT_CRASH_AT: z
    .string()
    .regex(/^(?:[a-z0-9-]+#[1-9][0-9]*=[a-z_.]+(?::[1-9][0-9]*)?(?:,|$))*$/, "agent#epoch=point[:n], several with commas")
    .default(""),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
});
