import type { CostCut, InfraCut } from "@aito/protocol";
import { Link } from "@tanstack/react-router";
import { Foreign } from "../kit/foreign.tsx";
import { agentTitle, paidName } from "./words.ts";

/** What a cost stands for; leads there, where there is a page of it. */
export function CutName({ cut, name }: { cut: CostCut | InfraCut; name: string | null }) {
  if (name === null) return <span className="text-quiet">not booked on one</span>;
  if (cut === "task")
    return (
      <Link to="/work/$id" params={{ id: name }} className="font-mono text-sm underline underline-offset-4">
        {name}
      </Link>
    );
  return <Foreign text={cut === "agent" ? agentTitle(name) : cut === "model" ? paidName(name) : name} />;
}
