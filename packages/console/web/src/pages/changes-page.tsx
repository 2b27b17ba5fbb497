import type { ChangeSummary } from "@aito/protocol";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { changesQuery } from "../data/queries.ts";
import { StateBadge } from "../kit/badge.tsx";
import { Rows } from "../kit/card.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { More } from "../kit/more.tsx";
import { Empty, Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { PageTitle } from "../shell/shell.tsx";
import { agentTitle, changeTones, changeWords, pullName } from "./words.ts";

/** What agents proposed in git repositories, newest first. */
export function ChangesPage() {
  const changes = useInfiniteQuery(changesQuery);
  return (
    <>
      <PageTitle title="Changes">Pull requests of agents, each from its decision to its merge commit.</PageTitle>
      <Loaded query={{ ...changes, data: changes.data?.pages.flatMap((page) => page.items) }} rows={5}>
        {(items) =>
          items.length === 0 ? (
            <Empty title="No changes yet">Work in a git repository shows here as soon as an agent proposes it.</Empty>
          ) : (
            <Rows>
              {items.map((change) => (
                <ChangeRow key={change.id} change={change} />
              ))}
            </Rows>
          )
        }
      </Loaded>
      <More query={changes} />
    </>
  );
}

function ChangeRow({ change }: { change: ChangeSummary }) {
  return (
    <li className="hover:bg-raised">
      <Link
        to="/changes/$id"
        params={{ id: change.id }}
        className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 px-4 py-3.5"
      >
        <span className="min-w-0 flex-1 basis-72">
          <Foreign text={change.title} className="line-clamp-2 font-medium" />
          <span className="mt-0.5 block text-sm text-quiet">
            {pullName(change)} · <Foreign text={`by ${change.by}`} /> for {agentTitle(change.owner)} ·{" "}
            <When at={change.updatedAt} />
          </span>
        </span>
        <StateBadge tone={changeTones[change.status]}>{changeWords[change.status]}</StateBadge>
      </Link>
    </li>
  );
}
