import type { PermissionView } from "@aito/protocol";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { constraintText } from "../../../src/call-constraints.ts";
import { visibleText } from "../../../src/visible-parts.ts";
import { post } from "../data/api.ts";
import { sessionQuery, useMay } from "../data/operator-queries.ts";
import { approvalQuery, permissionsQuery, toolsQuery } from "../data/queries.ts";
import { Badge } from "../kit/badge.tsx";
import { Button } from "../kit/button.tsx";
import { Rows, Section } from "../kit/card.tsx";
import { Confirm } from "../kit/confirm.tsx";
import { Problem } from "../kit/field.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { Empty, Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { PageTitle } from "../shell/shell.tsx";
import { PermissionForm } from "./permission-form.tsx";
import { usd } from "./words.ts";

/** What an operator permits beforehand, so that a human is asked when it matters: each with what has been used of it. */
export function PermissionsPage() {
  const session = useQuery(sessionQuery);
  const permissions = useQuery(permissionsQuery);
  const { like } = useSearch({ from: "/permissions" });
  const may = useMay();
  const writes = may("/api/v1/permissions") && may("/api/v1/permissions/:name/revoke");
  return (
    <>
      <PageTitle title="Permissions">
        Calls that run without asking you, within bounds that you wrote. A run that has read text from outside asks all the same.
      </PageTitle>
      <div className="space-y-8">
        {writes && like !== undefined && <LikeCall id={like} />}
        <Loaded query={permissions} rows={3}>
          {({ items }) => {
            const ended = items.filter(({ revokedAt, until }) => isOver(revokedAt, until, permissions.dataUpdatedAt));
            const standing = items.filter((each) => !ended.includes(each));
            return (
              <>
                <Section title="Stand">
                  {standing.length === 0 ? (
                    <Empty title="None stands">Every dangerous call of a supervised role waits in the inbox.</Empty>
                  ) : (
                    <Rows>
                      {standing.map((permission) => (
                        <Standing key={permission.id} permission={permission} may={writes} />
                      ))}
                    </Rows>
                  )}
                </Section>
                {writes && like === undefined && (
                  <Section title="Write one">
                    <NewPermission />
                  </Section>
                )}
                {ended.length > 0 && (
                  <Section title="Over">
                    <Rows>
                      {ended.map((permission) => (
                        <Standing key={permission.id} permission={permission} may={false} />
                      ))}
                    </Rows>
                  </Section>
                )}
              </>
            );
          }}
        </Loaded>
        {session.data && !writes && <p className="text-quiet">An owner writes and ends permissions.</p>}
      </div>
    </>
  );
}

const isOver = (revokedAt: string | null, until: string | null, nowMs: number): boolean =>
  revokedAt !== null || (until !== null && Date.parse(until) <= nowMs);

/** Filled in after a call that waits. */
function LikeCall({ id }: { id: string }) {
  const approval = useQuery(approvalQuery(id));
  const tools = useQuery(toolsQuery);
  return (
    <Section title="Always allow calls like this">
      <Loaded query={approval} rows={3}>
        {(call) =>
          tools.isPending ? null : (
            <PermissionForm
              like={call}
              tools={tools.data?.tools ?? []}
              explanation={
                <>
                  Filled in after <Foreign text={`${call.agent}: ${call.summary}`} />. What no condition names is free. The call
                  itself still waits for your answer.
                </>
              }
            />
          )
        }
      </Loaded>
    </Section>
  );
}

/** Tools are told by the gateway: where it does not answer, a name is written by hand. */
function NewPermission() {
  const tools = useQuery(toolsQuery);
  return tools.isPending ? null : <PermissionForm like={null} tools={tools.data?.tools ?? []} />;
}

const periods = {
  hour: "within an hour",
  day: "within a day",
  week: "within a week",
  month: "within 30 days",
  total: "in all",
} as const;

function Standing({ permission, may }: { permission: PermissionView; may: boolean }) {
  const { name, tool, role, constraints, times, used, amountMicroUsd, usedMicroUsd, per, until, revokedAt } = permission;
  const client = useQueryClient();
  const end = useMutation({
    mutationFn: () => post<PermissionView>("/api/v1/permissions/:name/revoke", undefined, { name }),
    onSettled: () => client.invalidateQueries({ queryKey: ["permissions"] }),
  });
  const full = used >= times;
  return (
    <li className="flex flex-wrap items-start gap-x-6 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-80">
        <p className="font-medium wrap-anywhere">
          {visibleText(name)} <Badge tone={revokedAt ? "neutral" : full ? "warn" : "good"}>{stateOf(permission, full)}</Badge>
        </p>
        <p className="text-sm text-quiet">
          <Foreign text={tool} /> for {role === null ? "any role" : <Foreign text={role} />}, written by{" "}
          <Foreign text={permission.createdBy} /> <When at={permission.createdAt} />
          {revokedAt ? (
            <>
              , ended <When at={revokedAt} />
            </>
          ) : (
            until && (
              <>
                , until <When at={until} />
              </>
            )
          )}
        </p>
        {constraints.length === 0 ? (
          <p className="mt-1 text-sm text-warn">With any arguments.</p>
        ) : (
          <ul className="mt-1 list-disc pl-5 text-sm">
            {constraints.map((constraint, index) => (
              <li key={index}>
                <Foreign text={constraintText(constraint)} />
              </li>
            ))}
          </ul>
        )}
        <Problem error={end.error} />
      </div>
      <p className="tabular text-sm">
        {used} of {times} calls
        <br />
        {usd(usedMicroUsd)} of {usd(amountMicroUsd)}
        <br />
        <span className="text-quiet">{periods[per]}</span>
      </p>
      {may && (
        <Confirm
          trigger={
            <Button size="small" look="danger" disabled={end.isPending} aria-label={visibleText(`End ${name}`)}>
              End
            </Button>
          }
          title={<>End {visibleText(name)}?</>}
          action="End it"
          look="danger"
          onConfirm={() => end.mutate()}
        >
          From then on such calls wait for you. What already runs goes on.
        </Confirm>
      )}
    </li>
  );
}

const stateOf = ({ revokedAt, until }: PermissionView, full: boolean): string =>
  revokedAt ? "ended" : full ? "used up for now" : until ? "stands until its end" : "stands";
