import { outsideToolName } from "@aito/protocol";
import { closeAlert, openAlert } from "../alerts/alerts.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { insertPin, type PinRow, selectPins, setPresent } from "./queries.ts";

/** What a server says of one tool, made bounded and inert; the schemas as canonical text. */
export interface ToolWords {
  tool: string;
  /** SHA-256 over all of it, as the server said it. */
  hash: string;
  description: string;
  inputSchema: string;
  outputSchema: string | null;
  /** Why it cannot be offered. */
  problem: string | null;
}

export type ApprovedWords = Omit<ToolWords, "problem">;

/** Versions of one tool that wait at once: a server that changes its words at each look fills no table. */
const waitingMax = 5;
const pinsMax = 2_000;

/**
 * Writes down what a server says of the tools that the fleet file allows, and returns the ones whose words are exactly what an operator
 * approved. New or changed words wait for one, who is told; a tool that the server no longer names is not offered either.
 */
export async function recordListing(
  deps: CompanyDeps,
  server: string,
  listing: { allowed: readonly string[]; words: readonly ToolWords[] },
): Promise<ApprovedWords[]> {
  const read = await transact(deps, (unit) => selectPins(unit, { server, limit: pinsMax }));
  const said = new Map(listing.words.map((each) => [each.tool, each]));
  const news = listing.allowed.filter((tool) => differs(read, tool, said.get(tool)?.hash ?? null));
  const rows =
    news.length === 0
      ? read
      : await transact(deps, async (unit) => {
          for (const tool of news) await note(unit, { server, tool, words: said.get(tool) ?? null });
          return await selectPins(unit, { server, limit: pinsMax });
        });
  return approvedOf(rows).filter(({ tool }) => listing.allowed.includes(tool));
}

/** What stands approved and was said when the server was last heard: what is offered while it cannot be asked. */
export async function approvedWords(deps: CompanyDeps, server: string): Promise<ApprovedWords[]> {
  return approvedOf(await transact(deps, (unit) => selectPins(unit, { server, limit: pinsMax })));
}

const approvedOf = (rows: readonly PinRow[]): ApprovedWords[] =>
  rows
    .filter((row) => row.status === "approved" && row.present && row.problem === null)
    .map(({ tool, hash, description, input_schema, output_schema }) => ({
      tool,
      hash,
      description,
      inputSchema: input_schema,
      outputSchema: output_schema,
    }));

/** Whether what is written down is not what is said. */
const differs = (rows: readonly PinRow[], tool: string, hash: string | null): boolean => {
  const present = rows.filter((row) => row.tool === tool && row.present);
  return hash === null ? present.length > 0 : present.length !== 1 || present[0]!.hash !== hash;
};

async function note(
  unit: Unit,
  { server, tool, words }: { server: string; tool: string; words: ToolWords | null },
): Promise<void> {
  const name = outsideToolName(server, tool);
  const rows = await selectPins(unit, { server, tool, lock: true, limit: pinsMax });
  const known = words && rows.find(({ hash }) => hash === words.hash);
  const full = rows.filter(({ status }) => status === "waiting").length >= waitingMax;
  await setPresent(unit, { server, tool, hash: words?.hash ?? null });
  if (!words || known || full) {
    if (!words && rows.some(({ present }) => present)) {
      await unit.event({ type: "tool.pin.gone", source: "system", payload: { tool: name } });
    }
    if (known?.status !== "waiting") await closeAlert(unit, { kind: "tool", subject: name });
    return;
  }
  const { hash, description, inputSchema, outputSchema, problem } = words;
  const row = {
    id: unit.newId(),
    server,
    tool,
    hash,
    description,
    input_schema: inputSchema,
    output_schema: outputSchema,
    problem,
  };
  if ((await insertPin(unit, row)) === null) return;
  const changed = rows.some(({ status }) => status === "approved");
  await unit.event({ type: "tool.pin.waiting", source: "system", target: "human", payload: { tool: name, hash, changed } });
  await openAlert(unit, {
    kind: "tool",
    subject: name,
    title: changed ? `the outside tool ${name} has changed` : `the outside tool ${name} is new`,
    detail: problem ?? "No agent sees it until you have approved what it says of itself.",
  });
}
