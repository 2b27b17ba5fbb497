import type { IdeaView, Saving, SuggestSaving } from "@aito/protocol";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { post } from "../data/api.ts";
import { useMay } from "../data/operator-queries.ts";
import { savingsQuery } from "../data/queries.ts";
import { Badge } from "../kit/badge.tsx";
import { Button } from "../kit/button.tsx";
import { Rows, Section } from "../kit/card.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { useNotice } from "../kit/notices.tsx";
import { Empty, Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { usdCents } from "./words.ts";

/** What the records say could be saved, each with its figures; suggested, it is an idea like any other. */
export function Savings() {
  const savings = useQuery(savingsQuery);
  return (
    <Section title="Could be saved" aside={savings.data && `from the last ${savings.data.days} days, by rule`}>
      <Loaded query={savings} rows={2}>
        {({ items, days }) =>
          items.length === 0 ? (
            <Empty title="Nothing stands out">
              {`Dear models with short answers, loops that find nothing, repeated questions and waiting containers of the last ${days} days would show here.`}
            </Empty>
          ) : (
            <Rows>
              {items.map((saving) => (
                <SavingRow key={`${saving.kind} ${saving.subject}`} saving={saving} />
              ))}
            </Rows>
          )
        }
      </Loaded>
    </Section>
  );
}

function SavingRow({ saving }: { saving: Saving }) {
  const tell = useNotice();
  const client = useQueryClient();
  const may = useMay();
  const suggest = useMutation({
    mutationFn: () =>
      post<IdeaView>("/api/v1/costs/savings/suggest", { kind: saving.kind, subject: saving.subject } satisfies SuggestSaving),
    onSuccess: () => tell("It is an idea now."),
    onError: (error) => tell(error.message, true),
    onSettled: () => client.invalidateQueries({ queryKey: ["ideas"] }),
  });
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 px-4 py-3.5">
      <div className="min-w-0 flex-1 basis-80">
        <Foreign block text={saving.title} className="font-medium" />
        <Foreign block text={saving.text} className="mt-0.5 text-sm text-quiet" />
      </div>
      <div className="flex items-center gap-4 max-sm:w-full max-sm:justify-between">
        {saving.monthMicroUsd !== null && (
          <p className="sm:text-right">
            <span className="tabular block font-semibold text-good">{usdCents(saving.monthMicroUsd)}</span>
            <span className="text-sm text-quiet">a month, about</span>
          </p>
        )}
        {saving.idea ? (
          <p className="text-sm text-quiet">
            <Badge>suggested</Badge>{" "}
            <Link to="/ideas" className="underline underline-offset-4">
              <When at={saving.idea.at} />
            </Link>
          </p>
        ) : (
          may("/api/v1/costs/savings/suggest") && (
            <Button size="small" disabled={suggest.isPending} onClick={() => suggest.mutate()}>
              Make it an idea
            </Button>
          )
        )}
      </div>
    </li>
  );
}
