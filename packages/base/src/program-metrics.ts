import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";
import type { Logger } from "./logger.ts";
import { errorText } from "./errors.ts";

/** How late the event loop is: looked at so often. The library's own 10 ms would wake an idle program a hundred times a second. */
const loopLookMs = 2_000;

interface Definition {
  name: string;
  type: "gauge" | "counter";
  labels: readonly string[];
  help: string;
}
interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

export interface ProgramMetrics {
  contentType: string;
  /** The page for one scrape. A record that cannot be read leaves the process's own figures and `aito_records_readable 0`. */
  render(): Promise<string>;
  close(): void;
}

/** `/metrics` of a program: the process's own figures, and what `read` finds in the records at each scrape. For composition roots. */
export function programMetrics(options: {
  definitions: readonly Definition[];
  read: () => Promise<Sample[]>;
  log: Logger;
}): ProgramMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: loopLookMs });
  const known = new Map<string, Gauge | Counter>();
  for (const { name, type, labels, help } of options.definitions) {
    const config = { name, help, labelNames: [...labels], registers: [registry] };
    known.set(name, type === "gauge" ? new Gauge(config) : new Counter(config));
  }
  let scrape: Promise<string> | null = null;

  const fill = async (): Promise<string> => {
    let samples: Sample[];
    try {
      samples = [...(await options.read()), { name: "aito_records_readable", labels: {}, value: 1 }];
    } catch (error) {
      options.log.debug({ error: errorText(error) }, "no records for this scrape");
      samples = [{ name: "aito_records_readable", labels: {}, value: 0 }];
    }
    for (const { name, labels } of options.definitions) {
      known.get(name)!.reset();
      // A reset leaves a metric without labels at 0, which would stand for a figure that was not read.
      if (labels.length === 0) known.get(name)!.remove();
    }
    // `inc` after a reset sets both kinds.
    for (const { name, labels, value } of samples) known.get(name)?.inc(labels, value);
    return await registry.metrics();
  };

  return {
    contentType: registry.contentType,
    // Two scrapes at once would fill the same gauges.
    render: () => (scrape ??= fill().finally(() => (scrape = null))),
    close: () => registry.clear(),
  };
}
