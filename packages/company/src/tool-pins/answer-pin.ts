import { AitoError } from "@aito/base";
import { outsideToolName, type PinAnswer, type ToolPinView } from "@aito/protocol";
import { closeAlert } from "../alerts/alerts.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { movePin, type PinRow, selectPins } from "./queries.ts";

const listedMax = 500;

/** Those that wait first, then the newest; each with what stands approved, for comparison. */
export async function listToolPins(deps: CompanyDeps, filter: { all?: boolean } = {}): Promise<ToolPinView[]> {
  return await transact(deps, async (unit) => {
    const rows = await selectPins(unit, { all: filter.all ?? false, limit: listedMax });
    return rows.map((row) => toView(row, rows));
  });
}

/**
 * The operator's answer to exactly the words that they have seen. Approved, they replace what stood before; from here on agents who are
 * granted the tool see it. Errors: AITO_TOOL_PIN_UNKNOWN (404) without such words, AITO_TOOL_PIN_UNFIT (422) for a tool that cannot be
 * offered.
 */
export async function answerToolPin(deps: CompanyDeps, input: PinAnswer & { tool: string; by: string }): Promise<ToolPinView> {
  return await transact(deps, async (unit) => {
    const rows = await lockPins(unit, input.tool);
    const row = rows.find(({ hash, status }) => hash === input.hash && status !== "replaced");
    if (!row) {
      throw new AitoError("AITO_TOOL_PIN_UNKNOWN", `no words of the tool ${input.tool.slice(0, 130)} have this hash`, {
        hint: "see what it says now with: aito tools waiting",
        status: 404,
      });
    }
    if (input.answer === "approve" && row.problem !== null) {
      throw new AitoError("AITO_TOOL_PIN_UNFIT", `${input.tool} cannot be offered: ${row.problem}`, { status: 422 });
    }
    const to = input.answer === "approve" ? "approved" : "refused";
    if (row.status !== to) {
      const stood = rows.find(({ status, id }) => status === "approved" && id !== row.id);
      if (to === "approved" && stood) await movePin(unit, stood.id, "replaced", null);
      await movePin(unit, row.id, to, input.by);
      await closeAlert(unit, { kind: "tool", subject: input.tool });
      await unit.event({ type: `tool.pin.${to}`, source: input.by, payload: { tool: input.tool, hash: row.hash } });
    }
    const now = await lockPins(unit, input.tool);
    return toView(
      now.find(({ id }) => id === row.id)!,
      now,
    );
  });
}

async function lockPins(unit: Unit, name: string): Promise<PinRow[]> {
  const [server = "", tool = ""] = name.split(/__(.*)/s);
  return await selectPins(unit, { server, tool, lock: true, limit: listedMax });
}

function toView(row: PinRow, rows: readonly PinRow[]): ToolPinView {
  const stood = rows.find(
    ({ server, tool, status, id }) => server === row.server && tool === row.tool && status === "approved" && id !== row.id,
  );
  return {
    tool: outsideToolName(row.server, row.tool),
    status: row.status,
    ...words(row),
    problem: row.problem,
    present: row.present,
    firstSeenAt: row.first_seen_at.toISOString(),
    answeredAt: row.answered_at?.toISOString() ?? null,
    answeredBy: row.answered_by,
    before: stood ? words(stood) : null,
  };
}

const words = ({ hash, description, input_schema, output_schema }: PinRow) => ({
  hash,
  description,
  inputSchema: input_schema,
  outputSchema: output_schema,
});
