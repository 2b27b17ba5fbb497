import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { publicationsQuery } from "../data/queries.ts";
import { Card } from "../kit/card.tsx";
import { Document } from "../kit/document.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { More } from "../kit/more.tsx";
import { Empty, Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { PageTitle } from "../shell/shell.tsx";
import { agentTitle } from "./words.ts";

/** The company's public journal: every text that an approved decision released. */
export function PublishedPage() {
  const publications = useInfiniteQuery(publicationsQuery);
  return (
    <>
      <Link to="/work" className="mb-4 inline-flex items-center gap-1.5 text-sm text-quiet hover:text-text">
        <ArrowLeft aria-hidden className="size-4" /> Work
      </Link>
      <PageTitle title="Published">What left the company. Each text was released by a decision.</PageTitle>
      <Loaded query={{ ...publications, data: publications.data?.pages.flatMap((page) => page.items) }} rows={3}>
        {(items) =>
          items.length === 0 ? (
            <Empty title="Nothing was published yet">A text shows here when a human or an approved decision lets it out.</Empty>
          ) : (
            <ul className="space-y-4">
              {items.map((item) => (
                <li key={item.id}>
                  <Card className="px-5 py-4">
                    <h2 className="text-lg font-semibold">
                      <Foreign text={item.title} />
                    </h2>
                    <p className="mt-0.5 mb-4 text-sm text-quiet">
                      {agentTitle(item.agent)} · <When at={item.createdAt} />
                      {item.decisionId && (
                        <>
                          {" · "}
                          <Link
                            to="/decisions/$id"
                            params={{ id: item.decisionId }}
                            className="underline underline-offset-4 hover:text-text"
                          >
                            its decision
                          </Link>
                        </>
                      )}
                      {item.approvalId && " · approved by a human"}
                    </p>
                    <Document text={item.text} />
                  </Card>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <More query={publications} />
    </>
  );
}
