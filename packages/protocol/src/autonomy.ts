import { z } from "zod";

/**
 * What happens to a call of a dangerous tool. `shadow`: it is recorded, nothing is done; `supervised`: a human approves each;
 * `autonomous`: an approved decision releases it, if the operator listed the tool.
 */
export const AutonomyMode = z.enum(["shadow", "supervised", "autonomous"]);
export type AutonomyMode = z.infer<typeof AutonomyMode>;

/** Every tool whose effect leaves the company. The gateway offers exactly these as dangerous. */
export const DangerousTool = z.enum(["publish_text"]);
export type DangerousTool = z.infer<typeof DangerousTool>;

/** A tool whose calls an approved decision may release: one of ours, or an outside one by the name that agents know. */
export const ReleasedTool = z
  .string()
  .max(130)
  .regex(
    new RegExp(`^(?:${DangerousTool.options.join("|")}|[a-z][a-z0-9-]{0,59}__[A-Za-z0-9_-]{1,60})$`),
    `one of ${DangerousTool.options.join(", ")}, or an outside tool as server__tool`,
  );
