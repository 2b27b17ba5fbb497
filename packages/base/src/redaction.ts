const secretKey = /token|secret|password|passwd|authorization|api[-_]?key|cookie|session$|private[-_]?key/i;
const secretText: [RegExp, string][] = [
  [/\bsk-[A-Za-z0-9_-]{8,}/g, "[redacted key]"],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, "$1 [redacted]"],
  [/\b(aito_[a-z]+_)[A-Za-z0-9_-]{16,}/g, "$1[redacted]"],
  // Lengths are bounded, or a long text without any URL would take time by its square.
  [/([a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@]{0,256}):[^\s@/]+@/gi, "$1:[redacted]@"],
];
/** A credential that we made. */
const ownToken = /\b(aito_[a-z]+_)[A-Za-z0-9_-]{32,}/;
const textCharsMax = 4_000;

const cut = (text: string): string => (text.length > textCharsMax ? `${text.slice(0, textCharsMax)}…` : text);

/** Removes what looks like a credential from free text: keys, bearer headers, our own tokens, passwords in URLs. */
export function redactText(text: string): string {
  return secretText.reduce((out, [pattern, replacement]) => out.replace(pattern, replacement), text);
}

/** Whether a JSON-like value, its keys too, has one of our own credentials in it as it is. */
export const holdsToken = (value: unknown): boolean => ownToken.test(JSON.stringify(value) ?? "");

/** The JSON-like value without our own credentials; the same value where there are none. */
export const withoutTokens = <T>(value: T): T =>
  holdsToken(value) ? (JSON.parse(JSON.stringify(value).replaceAll(new RegExp(ownToken, "g"), "$1[redacted]")) as T) : value;

/** A copy fit for logs: values under secret-sounding keys and secret-looking text are replaced; depth and size are bounded. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return redactText(cut(value));
  if (value instanceof Error) {
    const code = (value as { code?: unknown }).code;
    return { name: value.name, message: redactText(cut(value.message)), ...(code === undefined ? {} : { code }) };
  }
  if (value === null || typeof value !== "object") return typeof value === "bigint" ? value.toString() : value;
  if (value instanceof Date) return value.toISOString();
  if (depth >= 6) return "[deep]";
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    // A number is a count (`inputTokens`), never a secret of ours.
    Object.entries(value).map(([key, item]) => [
      key,
      secretKey.test(key) && typeof item !== "number" ? "[redacted]" : redact(item, depth + 1),
    ]),
  );
}
