import type { Bus } from "./bus.ts";

/** A row of the company's outbox: a message on a channel, or a hint (`target` is the agent, empty for the urgent queue). */
interface Deliverable {
  kind: "channel" | "hint";
  target: string;
  body: string;
}

/** How every program publishes outbox rows over its bus. Throws at the first row that could not be said; saying it twice is harmless. */
export function deliverOver(bus: Pick<Bus, "publish" | "addHint">): (rows: Deliverable[]) => Promise<void> {
  return async (rows) => {
    for (const row of rows) {
      if (row.kind === "channel") {
        await bus.publish(row.target, row.body);
      } else {
        const { workId, priority } = JSON.parse(row.body) as { workId: string; priority: number };
        await bus.addHint(row.target === "" ? null : row.target, workId, priority);
      }
    }
  };
}
