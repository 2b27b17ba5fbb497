import { Link } from "@tanstack/react-router";
import type { Lead } from "../../../src/event-leads.ts";
import { Foreign } from "../kit/foreign.tsx";

const look = "underline decoration-dotted underline-offset-4 hover:text-accent";
const pages = {
  decision: "/decisions/$id",
  task: "/work/$id",
  approval: "/approvals/$id",
  receipt: "/receipts/$id",
  change: "/changes/$id",
} as const;

/** To the page of what an event names, under the id or name that the event has. */
export function LeadLink({ lead }: { lead: Lead }) {
  if (lead.page === "agent")
    return (
      <Link to="/fleet/$name" params={{ name: lead.name }} className={look}>
        <Foreign text={lead.name} />
      </Link>
    );
  if (lead.page === "message")
    return (
      <Link to="/messages" search={{ of: lead.id }} className={look}>
        <Foreign text={lead.id} />
      </Link>
    );
  return (
    <Link to={pages[lead.page]} params={{ id: lead.id }} className={look}>
      <Foreign text={lead.id} />
    </Link>
  );
}
