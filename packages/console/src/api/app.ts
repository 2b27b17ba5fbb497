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
  /** `operator`: whom it lets in. */
  makeLoginLink: (by: string, operator?: string) => Promise<string>;
  /** The address that a link's token opens. */
  loginUrl: (token: string) => string;
  /** Where outside tools call models. */
  modelUrl: () => string;
}
