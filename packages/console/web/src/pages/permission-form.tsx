import type { ApprovalView, NewPermission, PermissionView, RollingPeriod, ToolView } from "@aito/protocol";
import { microToUsd } from "@aito/protocol";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { type ConstraintLine, constraintsLike, readConstraint } from "../../../src/call-constraints.ts";
import { visibleLine, visibleText } from "../../../src/visible-parts.ts";
import { post } from "../data/api.ts";
import { useMay } from "../data/operator-queries.ts";
import { Button } from "../kit/button.tsx";
import { Card } from "../kit/card.tsx";
import { Field, Problem, Select } from "../kit/field.tsx";
import { useNotice } from "../kit/notices.tsx";
import { ConstraintLines } from "./constraint-lines.tsx";

const periods: Record<RollingPeriod, string> = {
  hour: "an hour",
  day: "a day",
  week: "a week",
  month: "30 days",
  total: "all time",
};

/** How many calls a day are suggested after one that waits. */
const suggestedTimes = 10;

type Row = ConstraintLine & { key: number };

interface Given {
  /** The call that it is filled in after. */
  like: ApprovalView | null;
  tools: readonly ToolView[];
  explanation?: ReactNode;
}

/** One standing permission, as the API and the command line take it. */
export function PermissionForm({ like, tools, explanation }: Given) {
  // A name that hides something stands there as it looks, and so permits nothing.
  const [tool, setTool] = useState(visibleLine(like?.tool ?? ""));
  const schema = tools.find(({ name }) => name === tool)?.inputSchema ?? null;
  const [rows, setRows] = useState<Row[]>(() =>
    like ? constraintsLike(like.arguments, schema).map((line, key) => ({ ...line, key })) : [],
  );
  const [problem, setProblem] = useState<Error | null>(null);
  const client = useQueryClient();
  const tell = useNotice();
  const navigate = useNavigate();
  const may = useMay();
  const create = useMutation({
    mutationFn: (body: NewPermission) => post<PermissionView>("/api/v1/permissions", body),
    onSuccess: (made) => {
      tell(`${made.name} stands now.`);
      setRows([]);
      return navigate({ to: "/permissions" });
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["permissions"] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    create.reset();
    const read = bodyOf(new FormData(event.currentTarget), tool, rows);
    setProblem(read instanceof Error ? read : null);
    if (!(read instanceof Error)) create.mutate(read);
  };
  if (!may("/api/v1/permissions")) return null;
  return (
    <Card className="px-5 py-4">
      {explanation && <p className="mb-4 max-w-prose text-sm text-quiet">{explanation}</p>}
      <form onSubmit={submit} className="space-y-4">
        <Whose like={like} tools={tools} tool={tool} onTool={setTool} />
        <ConstraintLines rows={rows} onChange={setRows} schema={schema} />
        <Bounds like={like} />
        <Problem error={problem ?? create.error} />
        <div className="flex flex-wrap gap-2">
          <Button type="submit" look="primary" disabled={create.isPending} className="max-sm:w-full">
            Permit it
          </Button>
          {like && (
            <Button onClick={() => void navigate({ to: "/permissions" })} className="max-sm:w-full">
              Leave it
            </Button>
          )}
        </div>
      </form>
    </Card>
  );
}

/** Which calls, of whom, until when. */
function Whose({ like, tools, tool, onTool }: Omit<Given, "explanation"> & { tool: string; onTool: (tool: string) => void }) {
  const list = useId();
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field
        name="name"
        label="Name"
        hint="Small letters, digits and hyphens."
        required
        maxLength={60}
        pattern="[a-z0-9][a-z0-9\-]*"
        defaultValue={like ? nameAfter(like) : ""}
      />
      <Field
        label="Tool"
        hint="Its dangerous calls are what permissions are for."
        required
        maxLength={100}
        list={list}
        value={tool}
        onChange={(event) => onTool(event.target.value)}
      />
      <datalist id={list}>
        {tools
          .filter(({ risk }) => risk === "dangerous")
          .map(({ name }) => (
            <option key={name} value={visibleText(name)} />
          ))}
      </datalist>
      <Field
        name="role"
        label="Role"
        hint="A role or a worker type; empty for any that holds the tool."
        maxLength={100}
        defaultValue={visibleLine(like?.role ?? "")}
      />
      <Field name="until" type="datetime-local" label="Until" hint="Empty: until you end it." />
    </div>
  );
}

/** How many of them, and for how much. */
function Bounds({ like }: Pick<Given, "like">) {
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      <Field
        name="times"
        type="number"
        inputMode="numeric"
        label="Calls at most"
        required
        min={1}
        max={1_000_000}
        defaultValue={like ? suggestedTimes : ""}
      />
      <Field
        name="usd"
        inputMode="decimal"
        label="Dollars at most"
        hint="0 for calls that cost nothing."
        required
        pattern="\d{1,9}(\.\d{1,6})?"
        defaultValue={like ? microToUsd(BigInt(like.amountMicroUsd) * BigInt(suggestedTimes)) : "0"}
      />
      <Select name="per" label="Within" options={periods} defaultValue="day" />
    </div>
  );
}

const nameAfter = ({ tool, role }: ApprovalView): string =>
  `${role}-${tool}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 60);

/** What the form says, or what is wrong with it in words. */
function bodyOf(fields: FormData, tool: string, rows: readonly Row[]): NewPermission | Error {
  const text = (name: string): string => {
    const value = fields.get(name);
    return typeof value === "string" ? value.trim() : "";
  };
  const constraints: NewPermission["constraints"] = [];
  for (const row of rows) {
    const read = readConstraint(row);
    if ("problem" in read) return new Error(`Conditions: ${read.problem}.`);
    constraints.push(read);
  }
  const until = text("until");
  return {
    name: text("name"),
    tool: tool.trim(),
    role: text("role") || null,
    constraints,
    times: Number(text("times")),
    usd: Number(text("usd")),
    per: text("per") as RollingPeriod,
    until: until === "" ? null : new Date(until).toISOString(),
  };
}
