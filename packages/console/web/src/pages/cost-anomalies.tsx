import { useQuery } from "@tanstack/react-query";
import { statusQuery } from "../data/queries.ts";
import { Rows, Section } from "../kit/card.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { When } from "../kit/time.tsx";

/** What is far off an agent's own history now; nothing is shown while nothing is. */
export function Anomalies() {
  const { data: status } = useQuery(statusQuery);
  const found = (status?.alerts ?? []).filter(({ kind }) => kind === "anomaly" || kind === "budget");
  if (found.length === 0) return null;
  return (
    <Section title="Unusual" aside="against each agent's own week">
      <Rows>
        {found.map(({ kind, subject, title, detail, openedAt }) => (
          <li key={`${kind} ${subject}`} className="border-l-4 border-l-warn px-4 py-3">
            <p className="flex flex-wrap items-baseline justify-between gap-x-4">
              <Foreign text={title} className="font-medium" />
              <When at={openedAt} className="text-sm text-quiet" />
            </p>
            {detail && <Foreign block text={detail} className="text-sm text-quiet" />}
          </li>
        ))}
      </Rows>
    </Section>
  );
}
