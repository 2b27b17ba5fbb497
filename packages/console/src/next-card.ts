/** Which of a list's cards stands where one has gone: what followed it, else what came before it; null when none of them is left. */
export function nextCard(before: readonly string[], now: readonly string[], gone: string): string | null {
  const at = before.indexOf(gone);
  const left = (key: string): boolean => now.includes(key);
  return before.slice(at + 1).find(left) ?? before.slice(0, Math.max(0, at)).findLast(left) ?? now[0] ?? null;
}
