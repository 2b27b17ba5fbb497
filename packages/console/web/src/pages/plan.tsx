import type { EventView } from "@aito/protocol";
import { useInfiniteQuery } from "@tanstack/react-query";
import { eventsQuery } from "../data/queries.ts";
import { Card, Section } from "../kit/card.tsx";
import { Figured } from "../kit/figured.tsx";
import { When } from "../kit/time.tsx";
import { agentTitle } from "./words.ts";

/** What the lead last wrote down as its plan; nothing is shown before there is one. */
export function Plan() {
  const events = useInfiniteQuery(eventsQuery({ types: ["agent.state_saved"] }));
  const saved = events.data?.pages.flatMap((page) => page.items).find((event) => event.payload["key"] === "plan");
  if (!saved) return null;
  return (
    <Section title="The plan">
      <Card className="px-5 py-4">
        <p className="text-sm text-quiet">
          {agentTitle(saved.source)}, <When at={saved.at} />
        </p>
        <ol className="mt-2 list-decimal space-y-1 pl-5">
          {stepsOf(saved).map((step) => (
            <li key={step}>
              <Figured text={step} />
            </li>
          ))}
        </ol>
      </Card>
    </Section>
  );
}

/** The event carries a plan as "1. …; 2. …"; one that is no list is one step. */
function stepsOf(event: EventView): string[] {
  const text = typeof event.payload["preview"] === "string" ? event.payload["preview"] : "";
  return text
    .split(/(?:^|; )\d+\. /)
    .map((step) => step.trim())
    .filter((step) => step !== "");
}
