import { Link } from "@tanstack/react-router";
import type { MendedAt, StandingProblem } from "../../../src/standing-problems.ts";
import { Foreign } from "../kit/foreign.tsx";

const pages = { fleet: "/fleet", costs: "/costs", tools: "/tools" } as const;

/** A problem by its name, which leads to where it is mended. */
export function ProblemLink({ problem: { title, at } }: { problem: StandingProblem }) {
  const look = "inline-block py-0.5 font-medium text-bad underline decoration-dotted underline-offset-4";
  if (at.page === "task")
    return (
      <Link to="/work/$id" params={{ id: at.id }} className={look}>
        <Foreign text={title} />
      </Link>
    );
  return (
    <Link to={pages[pageOf(at)]} hash={at.page === "agent" ? at.name : ""} className={look}>
      <Foreign text={title} />
    </Link>
  );
}

/** An agent is restarted where the whole fleet stands. */
const pageOf = (at: Exclude<MendedAt, { page: "task" }>): keyof typeof pages => (at.page === "agent" ? "fleet" : at.page);
