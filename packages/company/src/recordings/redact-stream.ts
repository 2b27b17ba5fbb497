import { redactText } from "@aito/base";

/** The parts of a content block's text, by the field that carries them. */
const fields = ["text", "partial_json", "thinking"] as const;

interface Piece {
  line: number;
  event: { delta: Record<string, unknown> };
  field: (typeof fields)[number];
}

/**
 * A model's answer without what looks like a secret. A streamed one comes in pieces that may cut a secret anywhere: the text of each
 * block is judged whole. Where something is found, the block's first piece gets all that is left of its text and the others nothing; all
 * other lines stay as they came.
 */
export function redactAnswer(answer: string): string {
  if (!answer.includes('"content_block_delta"')) return redactText(answer);
  const lines = answer.split("\n");
  const blocks = Map.groupBy(piecesIn(lines), ({ index, field }) => `${String(index)} ${field}`);
  for (const pieces of blocks.values()) {
    const whole = pieces.map(({ event, field }) => event.delta[field] as string).join("");
    const clean = redactText(whole);
    if (clean === whole) continue;
    for (const [at, { line, event, field }] of pieces.entries()) {
      event.delta[field] = at === 0 ? clean : "";
      lines[line] = `data: ${JSON.stringify(event)}`;
    }
  }
  return redactText(lines.join("\n"));
}

function piecesIn(lines: readonly string[]): (Piece & { index: unknown })[] {
  return lines.flatMap((text, line) => {
    if (!text.startsWith("data:") || !text.includes('"content_block_delta"')) return [];
    const event = parsed(text.slice(5));
    const delta = event?.["delta"] as Record<string, unknown> | null | undefined;
    const field = fields.find((each) => typeof delta?.[each] === "string");
    return field ? [{ line, event: event as Piece["event"], field, index: event!["index"] }] : [];
  });
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown> | null;
  } catch {
    return null;
  }
}
