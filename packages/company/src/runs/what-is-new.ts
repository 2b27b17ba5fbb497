import type { LoopActionRow, RunRow } from "./queries.ts";

/**
 * Pure: whether a run is worth a model call. Asking SQL is free and asking a model is not: a scheduled wake asks only when a
 * creative action is due or something waits; checks of the loop are answered from the records that the context carries.
 */
export function whatIsNew(
  reasons: RunRow["reasons"],
  due: Pick<LoopActionRow, "text" | "creative">[],
  waiting: { tasks: number; decisions: number; messages?: number },
): { askModel: boolean; news: string[] } {
  const news = reasons.filter((reason) => reason.kind !== "wake").map((reason) => reason.text);
  news.push(...due.filter((action) => action.creative).map((action) => `due: ${action.text}`));
  // A vote or task whose wake was spent by an earlier, failed run still waits.
  if (waiting.decisions > 0 && !reasons.some((reason) => reason.kind === "vote"))
    news.push(`${waiting.decisions} decision(s) wait for a ballot`);
  if (waiting.tasks > 0 && !reasons.some((reason) => reason.kind === "task")) news.push(`${waiting.tasks} task(s) are open`);
  // Broadcasts and the like wake nobody; whoever wakes reads them, or they would be acknowledged unread.
  if ((waiting.messages ?? 0) > 0 && !reasons.some((reason) => reason.kind === "message"))
    news.push(`${waiting.messages} message(s) are unread`);
  const asked = reasons.filter((reason) => reason.kind === "wake" && reason.ref !== null).map((reason) => reason.text);
  news.push(...asked);
  return { askModel: news.length > 0, news };
}
