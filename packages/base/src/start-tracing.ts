import type { Logger } from "./logger.ts";

/** What a program does is traced only where its environment says to whom: OTEL_EXPORTER_OTLP_ENDPOINT. */
export const tracingAsked = (env: Record<string, string | undefined>): boolean =>
  Boolean(env["OTEL_EXPORTER_OTLP_ENDPOINT"] || env["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"]);

/**
 * Sends the program's spans to an OpenTelemetry collector; the standard's own variables say where and how. Nothing of it is loaded
 * where none is named. Only our own spans are made: no library is instrumented, so that no header or statement gets into one.
 */
export async function startTracing(options: {
  program: string;
  env: Record<string, string | undefined>;
  log: Logger;
}): Promise<{ close(): Promise<void> }> {
  if (!tracingAsked(options.env)) return { close: () => Promise.resolve() };
  const { NodeSDK } = await import("@opentelemetry/sdk-node");
  const sdk = new NodeSDK({
    serviceName: `aito-${options.program}`,
    instrumentations: [],
    metricReaders: [],
    logRecordProcessors: [],
    autoDetectResources: false,
  });
  sdk.start();
  options.log.info({}, "traces are sent to the collector that OTEL_EXPORTER_OTLP_ENDPOINT names");
  return { close: () => sdk.shutdown().catch(() => undefined) };
}
