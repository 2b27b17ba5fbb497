import { visibleText } from "../../../src/visible-parts.ts";
import type { SignInView } from "@aito/protocol";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { post } from "../data/api.ts";
import { sessionsQuery } from "../data/operator-queries.ts";
import { Badge } from "../kit/badge.tsx";
import { Button } from "../kit/button.tsx";
import { Rows, Section } from "../kit/card.tsx";
import { Problem } from "../kit/field.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { Empty, Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";

/** Browsers that are signed in: who, from where, since when, and the way to end each. */
export function SessionsSection({ everybody }: { everybody: boolean }) {
  const sessions = useQuery(sessionsQuery);
  const client = useQueryClient();
  const end = useMutation({
    mutationFn: (id: string) => post<SignInView>("/api/v1/sessions/:id/revoke", undefined, { id }),
    onSettled: () => client.invalidateQueries({ queryKey: ["sessions"] }),
  });
  return (
    <Section title="Signed-in browsers" aside={everybody ? "everybody's" : "yours"}>
      <Loaded query={sessions} rows={2}>
        {({ items }) => {
          const active = items.filter(({ status }) => status === "active");
          if (active.length === 0) return <Empty title="No browser is signed in" />;
          return (
            <Rows>
              {active.map((row) => (
                <li key={row.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
                  <div className="min-w-0 flex-1">
                    <p className="font-medium">
                      <Foreign text={row.operator} />{" "}
                      <Foreign text={`from ${row.address || "an unknown address"}`} className="font-normal text-quiet" />{" "}
                      {row.current && <Badge tone="accent">this browser</Badge>}
                    </p>
                    <p className="truncate text-sm text-quiet">
                      by {row.how}, seen <When at={row.lastSeenAt} /> · <Foreign text={row.userAgent} />
                    </p>
                  </div>
                  {!row.current && (
                    <Button
                      size="small"
                      aria-label={visibleText(`Sign out ${row.operator} from ${row.address}`)}
                      disabled={end.isPending}
                      onClick={() => end.mutate(row.id)}
                    >
                      Sign out
                    </Button>
                  )}
                </li>
              ))}
            </Rows>
          );
        }}
      </Loaded>
      <Problem error={end.error} />
    </Section>
  );
}
