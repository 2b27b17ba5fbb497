import { type Attributes, context, type Span, SpanStatusCode, trace } from "@opentelemetry/api";
import { aboutNow } from "./about.ts";
import { isAitoError } from "./errors.ts";
import { redactText } from "./redaction.ts";

/** Names, ids and counts of ours, never contents. */
export type SpanAttributes = Record<string, string | number | null | undefined>;

const given = (attributes: SpanAttributes): Attributes =>
  Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) =>
      value === null || value === undefined
        ? []
        : [[`aito.${name}`, typeof value === "string" ? redactText(value).slice(0, 200) : value]],
    ),
  );

export interface SpanHandle {
  /** Adds what became known meanwhile. */
  set(attributes: SpanAttributes): void;
}
const silent: SpanHandle = { set: () => undefined };

/**
 * Runs `run` as a span below the one that it is in; agent, epoch and run are what the work is about (`whileAbout`), and are asked for
 * once more at its end. Costs next to nothing while nobody traces.
 */
export async function inSpan<T>(name: string, attributes: SpanAttributes, run: (span: SpanHandle) => Promise<T>): Promise<T> {
  const span = trace.getTracer("aito").startSpan(name);
  if (!span.isRecording()) return await run(silent);
  span.setAttributes(given(attributes));
  try {
    return await context.with(trace.setSpan(context.active(), span), () => run(handleOf(span)));
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: isAitoError(error) ? error.code : "unexpected" });
    throw error;
  } finally {
    span.setAttributes(given({ ...aboutNow() }));
    span.end();
  }
}

const handleOf = (span: Span): SpanHandle => ({ set: (attributes) => void span.setAttributes(given(attributes)) });
