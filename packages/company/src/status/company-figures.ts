import { type MetricDefinition, type MetricSample, metricTable } from "@aito/protocol";
import type { CompanyDeps } from "../company.ts";
import { consoleFigures, gatewayFigures, orchestratorFigures } from "./queries.ts";

export type FigureReader = Exclude<MetricDefinition["from"], "each">;

const readers = { orchestrator: orchestratorFigures, gateway: gatewayFigures, console: consoleFigures } as const;

/** What the metrics of one program say of the company, read from the records now. */
export async function companyFigures(
  deps: Pick<CompanyDeps, "db" | "companyId">,
  program: FigureReader,
): Promise<MetricSample[]> {
  const rows = await deps.db.transaction({ companyId: deps.companyId }, (tx) => readers[program](tx));
  return rows.map(({ name, a, b, value }) => {
    const labels = metricTable.find((metric) => metric.name === name)?.labels ?? [];
    return { name, value, labels: Object.fromEntries(labels.map((label, at) => [label, [a, b][at] ?? ""])) };
  });
}
