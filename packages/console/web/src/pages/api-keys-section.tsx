import { Foreign } from "../kit/foreign.tsx";
import { visibleText } from "../../../src/visible-parts.ts";
import type { ApiKeyView, CreatedApiKey, OperatorScope } from "@aito/protocol";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { post } from "../data/api.ts";
import { apiKeysQuery } from "../data/operator-queries.ts";
import { Badge } from "../kit/badge.tsx";
import { Button } from "../kit/button.tsx";
import { Card, Rows, Section } from "../kit/card.tsx";
import { Confirm } from "../kit/confirm.tsx";
import { Field, Problem } from "../kit/field.tsx";
import { Empty, Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";

const words: Record<OperatorScope, string> = {
  read: "read everything",
  answer: "answer approvals and escalations",
  stop: "press kill switches",
  propose: "bring proposals",
  manage: "change the company, and resume it",
  operators: "say who may come in",
};

/** Keys with which scripts use the operator API. */
export function ApiKeysSection({ scopes }: { scopes: OperatorScope[] }) {
  const keys = useQuery(apiKeysQuery);
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: (id: string) => post<ApiKeyView>("/api/v1/api-keys/:id/revoke", undefined, { id }),
    onSettled: () => client.invalidateQueries({ queryKey: ["api-keys"] }),
  });
  return (
    <Section title="API keys" aside="for scripts; keys that call models are others">
      <div className="space-y-4">
        <Loaded query={keys} rows={1}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title="No API keys yet">A script sends one as Authorization: Bearer, and may what its scopes say.</Empty>
            ) : (
              <Rows>
                {items.map((key) => (
                  <li key={key.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
                    <div className="min-w-0 flex-1">
                      <p className="font-medium">
                        <Foreign text={key.name} /> <Foreign text={`of ${key.operator}`} className="font-normal text-quiet" />{" "}
                        {key.status !== "active" && <Badge>{key.status}</Badge>}
                      </p>
                      <p className="text-sm text-quiet">
                        {key.scopes.join(", ")} · ends <When at={key.expiresAt} /> ·{" "}
                        {key.lastUsedAt ? (
                          <>
                            used <When at={key.lastUsedAt} />
                          </>
                        ) : (
                          "never used"
                        )}
                      </p>
                    </div>
                    {key.status === "active" && (
                      <Confirm
                        trigger={
                          <Button size="small" look="danger" aria-label={visibleText(`Revoke ${key.name}`)}>
                            Revoke
                          </Button>
                        }
                        title={visibleText(`Revoke ${key.name} of ${key.operator}?`)}
                        action="Revoke it"
                        look="danger"
                        onConfirm={() => revoke.mutate(key.id)}
                      >
                        Whoever uses it is refused from now on.
                      </Confirm>
                    )}
                  </li>
                ))}
              </Rows>
            )
          }
        </Loaded>
        <Problem error={revoke.error} />
        <NewKey scopes={scopes} />
      </div>
    </Section>
  );
}

function NewKey({ scopes }: { scopes: OperatorScope[] }) {
  const client = useQueryClient();
  const [made, setMade] = useState<CreatedApiKey | null>(null);
  const create = useMutation({
    mutationFn: (body: object) => post<CreatedApiKey>("/api/v1/api-keys", body),
    onSuccess: (key) => {
      setMade(key);
      void client.invalidateQueries({ queryKey: ["api-keys"] });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const expiresInHours = Number(fields.get("days")) * 24;
    create.mutate({ name: fields.get("name"), scopes: fields.getAll("scope"), expiresInHours });
  };
  if (made) {
    return (
      <Card role="status" className="space-y-2 p-5">
        <p className="font-semibold text-good">
          The key “<Foreign text={made.name} />
          ”. It is not shown again.
        </p>
        <p className="font-mono text-sm break-all select-all">{made.key}</p>
        <Button size="small" onClick={() => setMade(null)}>
          Done
        </Button>
      </Card>
    );
  }
  return (
    <details className="rounded-xl border border-line bg-card px-5 py-4">
      <summary className="cursor-pointer font-medium">Make a key</summary>
      <form onSubmit={submit} className="mt-4 max-w-md space-y-4">
        <Field name="name" label="Name" hint="For example nightly-report." required maxLength={60} />
        <fieldset className="space-y-1.5">
          <legend className="text-sm font-medium">What it may do</legend>
          {scopes.map((scope) => (
            <label key={scope} className="flex items-center gap-2.5 py-0.5">
              <input type="checkbox" name="scope" value={scope} defaultChecked={scope === "read"} className="size-4" />
              <span>
                {scope} <span className="text-quiet">· {words[scope]}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <Field name="days" label="Days that it works" type="number" min={1} max={366} defaultValue={30} required />
        <Problem error={create.error} />
        <Button type="submit" look="primary" disabled={create.isPending}>
          Make the key
        </Button>
      </form>
    </details>
  );
}
