import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Records } from "../records.ts";

/** Fastify with zod schemas as types. */
export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export interface ApiOptions {
  records: Records;
  engine: "docker" | "embedded";
  model: string;
  makeLoginLink: (by: string) => Promise<string>;
  /** Where outside tools call models. */
  modelUrl: () => string;
}
