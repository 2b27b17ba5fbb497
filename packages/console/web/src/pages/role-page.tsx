import type { RoleExplained } from "@aito/protocol";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { useMay } from "../data/operator-queries.ts";
import { explainQuery } from "../data/queries.ts";
import { Badge } from "../kit/badge.tsx";
import { Card, Section } from "../kit/card.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { Loaded } from "../kit/states.tsx";
import { PageTitle } from "../shell/shell.tsx";
import { AgentLog } from "./agent-log.tsx";
import { Retrain } from "./retrain.tsx";
import { agentTitle } from "./words.ts";

/** One role on one page, made from its profile: what somebody needs to explain it within five minutes. */
export function RolePage() {
  const { name } = useParams({ from: "/fleet/$name" });
  const page = useQuery(explainQuery(name));
  return (
    <>
      <Link to="/fleet" className="mb-4 inline-flex items-center gap-1.5 text-sm text-quiet hover:text-text">
        <ArrowLeft aria-hidden className="size-4" /> Fleet
      </Link>
      {!page.data && <PageTitle title="Role" />}
      <Loaded query={page} rows={5}>
        {(role) => <Explained role={role} name={name} />}
      </Loaded>
    </>
  );
}

function Explained({ role, name }: { role: RoleExplained; name: string }) {
  const { alone, withHeads, withGuardian, never } = role.decides;
  const mayRetrain = useMay()("/api/v1/fleet/deploy");
  return (
    <>
      <PageTitle foreign title={role.title} />
      <p className="mb-6 flex flex-wrap items-center gap-x-3 gap-y-1.5 text-quiet">
        <Badge className="whitespace-normal">{role.kind === "worker" ? "worker" : agentTitle(role.role)}</Badge>
        <Foreign text={role.department} />
        <span>
          reports to <Foreign text={role.reportsTo} />
        </span>
        <Foreign text={role.model} />
        <span>
          {role.lines} of {role.linesMax} lines
        </span>
      </p>
      <div className="grid gap-x-9 gap-y-7 lg:grid-cols-2">
        <Section title="What it is for">
          <Foreign block text={role.purpose} />
          <List items={role.does} />
        </Section>
        <Section title="What wakes it">
          <List items={role.wakes} />
        </Section>
        <div className="lg:col-span-2">
          <Section title="What it may decide">
            <div className="grid gap-3 sm:grid-cols-2 xl:grid-cols-4">
              <Level title="Alone" items={alone} />
              <Level title="With the heads' votes" items={withHeads} />
              <Level title="Only with the guardian" items={withGuardian} />
              <Level title="Never" items={never} />
            </div>
          </Section>
        </div>
        <Section title="Its tools">
          <ul className="flex flex-wrap gap-1.5">
            {role.tools.map((tool) => (
              <li key={tool}>
                <Foreign text={tool} className="rounded-md bg-raised px-2 py-0.5 font-mono text-sm" />
              </li>
            ))}
          </ul>
        </Section>
        <Section title="Its limits">
          <List items={role.limits} />
        </Section>
        <div className="lg:col-span-2">
          <AgentLog name={name} />
        </div>
        {mayRetrain && (
          <div className="lg:col-span-2">
            <Retrain role={role.role} />
          </div>
        )}
      </div>
    </>
  );
}

const Level = ({ title, items }: { title: string; items: readonly string[] }) => (
  <Card className="px-4 py-3">
    <h3 className="font-semibold">{title}</h3>
    <List items={items} />
  </Card>
);

const List = ({ items }: { items: readonly string[] }) => (
  <ul className="mt-1.5 list-disc space-y-1 pl-5">
    {items.map((item, at) => (
      <li key={at}>
        <Foreign text={item} />
      </li>
    ))}
  </ul>
);
