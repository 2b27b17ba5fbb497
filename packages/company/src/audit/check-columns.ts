import type { SealedRow } from "./queries.ts";

interface Body {
  id: string;
  type: string;
  source: string;
  target: string | null;
  at: string;
  company: string;
  payload: Record<string, unknown>;
}

/**
 * Only an event's text is hashed; what stands beside it in the row is read by pages and queries, so it must say the same.
 * Returns what is wrong, or null; `body` is the text, parsed.
 */
export function checkColumns(row: SealedRow, companyId: string): { problem: string | null; body: Body | null } {
  let body: Body;
  try {
    body = JSON.parse(row.body) as Body;
  } catch {
    return { problem: `event ${row.seq} is not JSON`, body: null };
  }
  const beside: [string, unknown, unknown][] = [
    ["id", row.id, body.id],
    ["company", companyId, body.company],
    ["type", row.event_type, body.type],
    ["source", row.source_name, body.source],
    ["target", row.target_name, body.target],
    ["time", row.created_at.toISOString(), body.at],
    ["source's agent", row.source_agent ?? body.source, body.source],
    ["target's agent", row.target_agent ?? body.target, body.target],
  ];
  const wrong = beside.find(([, column, text]) => column !== text);
  return { problem: wrong ? `event ${row.seq}: its ${wrong[0]} beside the text was changed` : null, body };
}
