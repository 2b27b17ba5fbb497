import type { InfraCut } from "@aito/protocol";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { infraQuery } from "../data/queries.ts";
import { Rows, Section } from "../kit/card.tsx";
import { Choices } from "../kit/choices.tsx";
import { Empty, Loaded } from "../kit/states.tsx";
import { CutName } from "./cut-name.tsx";
import { usd } from "./words.ts";

const cuts = {
  agent: "Agents",
  task: "Tasks",
  client: "Clients",
  department: "Departments",
  day: "Days",
} as const satisfies Record<InfraCut, string>;
const hour = 3_600;

/** How long containers stood, at the operator's price; the last row is the sum of those above. */
export function Containers({ since }: { since: string | undefined }) {
  const [cut, setCut] = useState<InfraCut>("agent");
  const infra = useQuery(infraQuery(cut, since));
  const price = infra.data?.pricePerHourMicroUsd;
  return (
    <Section title="Containers" aside={price ? `${usd(price)} an hour each` : "their time; no price is named"}>
      <Choices label="Containers cut by" choices={cuts} value={cut} onChange={setCut} />
      <Loaded query={infra}>
        {({ items, total }) =>
          items.length === 0 ? (
            <Empty title="No container stood in this time">Each agent and worker has one of its own while it runs.</Empty>
          ) : (
            <Rows>
              {items.map(({ name, containers, seconds, microUsd }) => (
                <li key={name ?? ""} className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 px-4 py-3">
                  <p className="min-w-0 flex-1 basis-48 font-medium wrap-anywhere">
                    <CutName cut={cut} name={name} />
                  </p>
                  <p className="tabular text-sm text-quiet">
                    {stood(seconds)} in {containers} {containers === 1 ? "container" : "containers"}
                  </p>
                  {microUsd !== null && <p className="tabular ml-auto min-w-20 text-right font-medium">{usd(microUsd)}</p>}
                </li>
              ))}
              <li className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 bg-raised px-4 py-3">
                <p className="flex-1 font-semibold sm:basis-48">Together</p>
                <p className="tabular text-sm text-quiet">{stood(total.seconds)}</p>
                {total.microUsd !== null && (
                  <p className="tabular ml-auto min-w-20 text-right font-semibold">{usd(total.microUsd)}</p>
                )}
              </li>
            </Rows>
          )
        }
      </Loaded>
    </Section>
  );
}

const stood = (seconds: number): string => {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 2 * hour) return `${Math.round(seconds / 60)} min`;
  return `${(Math.round((seconds / hour) * 10) / 10).toLocaleString("en")} h`;
};
