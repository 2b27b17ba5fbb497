import { z } from "zod";
import { AgentName, Timestamp } from "./ids.ts";

/** The seed's five states (O12). Reasons such as quarantine stand beside it, in `statusReason`. */
export const AgentStatus = z.enum(["inactive", "starting", "active", "stopping", "error"]);
export type AgentStatus = z.infer<typeof AgentStatus>;

/** `agent`: a standing member (head or council); `worker`: started for one task and gone after it. */
export const AgentKind = z.enum(["agent", "worker"]);
export type AgentKind = z.infer<typeof AgentKind>;

/** The hash `agent:status:{agent}` in Redis (R01). All values are text there. */
export const AgentStatusHash = z.object({
  status: AgentStatus,
  epoch: z.coerce.number().int(),
  last_heartbeat: z.string(),
  container_id: z.string(),
});
export type AgentStatusHash = z.infer<typeof AgentStatusHash>;

/** One row of `aito status --json` and of the console's fleet page. */
export const AgentView = z.object({
  name: AgentName,
  role: z.string(),
  kind: AgentKind,
  department: z.string().nullable(),
  status: AgentStatus,
  statusReason: z.string().nullable(),
  doing: z.string().nullable(),
  epoch: z.number().int(),
  containerId: z.string().nullable(),
  lastHeartbeat: Timestamp.nullable(),
  restarts: z.number().int(),
  parentAgent: z.string().nullable(),
  taskId: z.string().nullable(),
  nextWakeAt: Timestamp.nullable(),
  nextWakeReason: z.string().nullable(),
  /** Whether it leads the company now: as the fleet file says, or for the one who should and is lost. */
  lead: z.enum(["lead", "acting"]).nullable().optional(),
});
export type AgentView = z.infer<typeof AgentView>;
