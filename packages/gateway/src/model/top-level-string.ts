/**
 * Where the value of a top-level key of a JSON object stands in its bytes (with its quotes, the last one if it is doubled), when it is
 * a string; null otherwise. So that one word can be replaced without writing the rest anew: what we do not know stays byte for byte.
 * `body` must be valid JSON.
 */
export function topLevelString(body: Buffer, key: string): { start: number; end: number } | null {
  const wanted = Buffer.from(JSON.stringify(key));
  let depth = 0;
  let at = 0;
  let expectKey = false;
  let found: { start: number; end: number } | null = null;
  while (at < body.length) {
    const byte = body[at]!;
    if (byte === quote) {
      const end = stringEnd(body, at);
      if (depth === 1 && expectKey && body.subarray(at, end).equals(wanted)) {
        const value = skipTo(body, end);
        if (body[value] === quote) {
          const valueEnd = stringEnd(body, value);
          found = { start: value, end: valueEnd };
          at = valueEnd;
          expectKey = false;
          continue;
        }
        found = null;
      }
      if (depth === 1) expectKey = false;
      at = end;
      continue;
    }
    if (byte === openBrace || byte === openBracket) {
      depth += 1;
      expectKey = depth === 1 && byte === openBrace;
    } else if (byte === closeBrace || byte === closeBracket) depth -= 1;
    else if (byte === comma && depth === 1) expectKey = true;
    at += 1;
  }
  return found;
}

/**
 * The value of a top-level key of a large JSON object, whatever its kind, without making anything of the rest; the last one if it is
 * doubled. Undefined where there is none, or the bytes do not begin and end as an object.
 */
export function topLevelValue(body: Buffer, key: string): unknown {
  const wanted = Buffer.from(JSON.stringify(key));
  let depth = 0;
  let expectKey = false;
  let from = -1;
  let value: Buffer | null = null;
  const end = (at: number): void => {
    if (from >= 0) value = body.subarray(from, at);
    from = -1;
  };
  for (let at = 0; at < body.length;) {
    const byte = body[at]!;
    if (byte === quote) {
      const after = stringEnd(body, at);
      const isKey = depth === 1 && expectKey && body.subarray(at, after).equals(wanted);
      if (depth === 1) expectKey = false;
      at = after;
      if (isKey) from = at = skipTo(body, after);
      continue;
    }
    if (byte === openBrace || byte === openBracket) {
      depth += 1;
      if (depth === 1) expectKey = byte === openBrace;
    } else if (byte === closeBrace || byte === closeBracket) {
      depth -= 1;
      if (depth === 0) end(at);
    } else if (byte === comma && depth === 1) {
      end(at);
      expectKey = true;
    }
    at += 1;
  }
  return depth === 0 && value !== null ? parsed(value) : undefined;
}

function parsed(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString("utf8"));
  } catch {
    return undefined;
  }
}

export function replaceTopLevelString(body: Buffer, key: string, value: string): Buffer {
  const at = topLevelString(body, key);
  if (!at) return body;
  return Buffer.concat([body.subarray(0, at.start), Buffer.from(JSON.stringify(value)), body.subarray(at.end)]);
}

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

/** Just behind the closing quote of the string that begins at `start`. */
function stringEnd(body: Buffer, start: number): number {
  for (let at = start + 1; ;) {
    const next = body.indexOf(quote, at);
    if (next < 0) return body.length;
    let slashes = 0;
    while (body[next - 1 - slashes] === backslash) slashes += 1;
    if (slashes % 2 === 0) return next + 1;
    at = next + 1;
  }
}

/** The first byte of the value behind a key that ends at `at`. */
function skipTo(body: Buffer, at: number): number {
  let here = at;
  while (here < body.length && (body[here] === colon || body[here]! <= 0x20)) here += 1;
  return here;
}
