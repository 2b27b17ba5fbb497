import type { Bus } from "./bus.ts";

/** A row of the company's outbox: a message on a channel, or a hint (`target` is the agent, empty for the urgent queue). */
interface Deliverable {
  kind: "channel" | "hint";
  target: string;
  body: string;
}

/**
 * How every program publishes outbox rows over its bus: all at once on one connection, hints ahead of the bells that make a
 * gateway claim and remove them. Throws when any row could not be said; saying the others twice is harmless.
 */
export function deliverOver(bus: Pick<Bus, "publish" | "addHint">): (rows: Deliverable[]) => Promise<void> {
  const hint = async ({ target, body }: Deliverable): Promise<void> => {
    const { workId, priority } = JSON.parse(body) as { workId: string; priority: number };
    await bus.addHint(target === "" ? null : target, workId, priority);
  };
  return async (rows) => {
    const hints = rows.filter((row) => row.kind === "hint").map(hint);
    const bells = rows.filter((row) => row.kind === "channel").map((row) => bus.publish(row.target, row.body));
    await Promise.all([...hints, ...bells]);
  };
}
