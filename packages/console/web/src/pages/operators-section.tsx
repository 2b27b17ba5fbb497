import { Foreign } from "../kit/foreign.tsx";
import { visibleText } from "../../../src/visible-parts.ts";
import type { InvitedOperator, OperatorRole, OperatorView } from "@aito/protocol";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { Act } from "../../../src/acts.ts";
import { post } from "../data/api.ts";
import { operatorsQuery, useMay } from "../data/operator-queries.ts";
import { Badge, type Tone } from "../kit/badge.tsx";
import { Button } from "../kit/button.tsx";
import { Card, Rows, Section } from "../kit/card.tsx";
import { Confirm } from "../kit/confirm.tsx";
import { Field, Problem, Select } from "../kit/field.tsx";
import { Empty, Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";

const roles: Record<OperatorRole, string> = {
  viewer: "Viewer: reads",
  approver: "Approver: also answers and stops",
  owner: "Owner: everything",
};
const tones: Record<OperatorView["status"], Tone> = { active: "good", invited: "warn", disabled: "neutral" };

/** Everybody who may come in, for owners. */
export function OperatorsSection() {
  const operators = useQuery(operatorsQuery);
  const client = useQueryClient();
  const may = useMay();
  const [invited, setInvited] = useState<InvitedOperator | null>(null);
  const change = useMutation({
    mutationFn: ({ act, body, name = "" }: { act: Act; body?: object; name?: string }) =>
      post<OperatorView | InvitedOperator>(act, body, { name }),
    onSuccess: (answer) => setInvited("url" in answer ? answer : null),
    onSettled: () =>
      Promise.all(["operators", "sessions", "api-keys"].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
  const add = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    change.mutate({ act: "/api/v1/operators", body: Object.fromEntries(new FormData(event.currentTarget)) });
  };
  if (!may("/api/v1/operators")) return null;
  return (
    <Section title="Operators">
      <div className="space-y-4">
        <Loaded query={operators} rows={2}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title="Nobody has an account yet">Whoever has this machine's operator key is the owner.</Empty>
            ) : (
              <Rows>
                {items.map((row) => (
                  <Operator
                    key={row.id}
                    row={row}
                    busy={change.isPending}
                    act={(act, body) => change.mutate({ act, name: row.name, ...(body ? { body } : {}) })}
                  />
                ))}
              </Rows>
            )
          }
        </Loaded>
        <Problem error={change.error} />
        {invited && (
          <Card role="status" className="space-y-2 p-5">
            <p className="font-semibold">
              Give <Foreign text={invited.name} /> this link. It works once, for 30 minutes, and is not shown again.
            </p>
            <p className="font-mono text-sm break-all select-all">{invited.url}</p>
            <Button size="small" onClick={() => setInvited(null)}>
              Done
            </Button>
          </Card>
        )}
        <details className="rounded-xl border border-line bg-card px-5 py-4">
          <summary className="cursor-pointer font-medium">Let somebody in</summary>
          <form onSubmit={add} className="mt-4 max-w-md space-y-4">
            <Field
              name="name"
              label="Name to sign in with"
              hint="Lower case letters and digits, for example ada."
              required
              maxLength={40}
            />
            <Select name="role" label="Role" options={roles} defaultValue="viewer" />
            <Button type="submit" look="primary" disabled={change.isPending}>
              Make their link
            </Button>
          </form>
        </details>
      </div>
    </Section>
  );
}

function Operator({ row, busy, act }: { row: OperatorView; busy: boolean; act: (act: Act, body?: object) => void }) {
  const may = useMay();
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="font-medium break-words">
          <Foreign text={row.name} /> <Badge tone={tones[row.status]}>{row.status}</Badge>
        </p>
        <p className="text-sm text-quiet">
          {row.role} · <Foreign text={`added by ${row.createdBy}`} /> ·{" "}
          {row.lastSeenAt ? (
            <>
              seen <When at={row.lastSeenAt} />
            </>
          ) : (
            "never seen"
          )}
          {row.status === "active" && row.recoveryCodesLeft < 3 && ` · ${row.recoveryCodesLeft} recovery codes left`}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        {may("/api/v1/operators/:name/role") && row.status !== "disabled" && (
          <select
            aria-label={visibleText(`Role of ${row.name}`)}
            value={row.role}
            disabled={busy}
            onChange={(event) => act("/api/v1/operators/:name/role", { role: event.target.value })}
            className="min-h-8 rounded-lg border border-line bg-card px-2 text-sm"
          >
            {Object.keys(roles).map((role) => (
              <option key={role}>{role}</option>
            ))}
          </select>
        )}
        {may("/api/v1/operators/:name/reset") && (
          <Confirm
            trigger={
              <Button size="small" aria-label={visibleText(`Reset ${row.name}`)}>
                Reset
              </Button>
            }
            title={visibleText(`Reset ${row.name}?`)}
            action="Reset"
            onConfirm={() => act("/api/v1/operators/:name/reset")}
          >
            Password, codes, sessions and API keys are taken back; a new link lets <Foreign text={row.name} /> set them up again.
          </Confirm>
        )}
        {may("/api/v1/operators/:name/disable") && row.status !== "disabled" && (
          <Confirm
            trigger={
              <Button size="small" look="danger" aria-label={visibleText(`Disable ${row.name}`)}>
                Disable
              </Button>
            }
            title={visibleText(`Keep ${row.name} out?`)}
            action="Disable"
            look="danger"
            onConfirm={() => act("/api/v1/operators/:name/disable")}
          >
            Browsers are signed out and API keys refused at once. A reset lets <Foreign text={row.name} /> in again.
          </Confirm>
        )}
      </div>
    </li>
  );
}
