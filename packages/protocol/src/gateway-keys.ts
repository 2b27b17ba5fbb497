import { z } from "zod";
import { Id, MicroUsd, Timestamp } from "./ids.ts";

/** How operators and logs call a key; not a secret. */
export const GatewayKeyName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,59}$/, "lower case letters, digits and dashes, at most 60, for example my-laptop");

/** A key with which an outside tool may call models, and nothing else. */
export const NewGatewayKey = z.strictObject({
  name: GatewayKeyName,
  /** What all its calls together may cost. */
  budgetUsd: z.number().positive().max(1e6),
  /** Models that it may ask for; null: every model that the company has a price for. */
  models: z.array(z.string().min(1).max(100)).min(1).max(20).nullable().default(null),
  expiresInHours: z.number().int().min(1).max(8_784).default(720),
});
export type NewGatewayKey = z.infer<typeof NewGatewayKey>;

export const RotateGatewayKey = z.strictObject({
  /** How long the key before it still works. */
  overlapMinutes: z.number().int().min(0).max(10_080).default(60),
  expiresInHours: z.number().int().min(1).max(8_784).default(720),
});
export type RotateGatewayKey = z.infer<typeof RotateGatewayKey>;

export const GatewayKeyView = z.object({
  id: Id,
  name: z.string(),
  status: z.enum(["active", "expired", "revoked"]),
  budgetMicroUsd: MicroUsd,
  /** Spent and set aside until now. */
  usedMicroUsd: MicroUsd,
  models: z.array(z.string()).nullable(),
  createdBy: z.string(),
  createdAt: Timestamp,
  expiresAt: Timestamp,
  revokedAt: Timestamp.nullable(),
  lastUsedAt: Timestamp.nullable(),
});
export type GatewayKeyView = z.infer<typeof GatewayKeyView>;

/** The only time that the key itself is told. */
export const CreatedGatewayKey = GatewayKeyView.extend({
  key: z.string(),
  /** For SDKs and Claude Code: `ANTHROPIC_BASE_URL`. */
  baseUrl: z.string(),
});
export type CreatedGatewayKey = z.infer<typeof CreatedGatewayKey>;
