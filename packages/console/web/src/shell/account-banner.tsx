import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { KeyRound } from "lucide-react";
import { sessionQuery } from "../data/operator-queries.ts";
import { Button } from "../kit/button.tsx";

/** Offers who came in by a link an account of their own; nothing waits for it. */
export function AccountBanner() {
  const { data: me } = useQuery(sessionQuery);
  if (!me || me.how !== "link" || me.account === "active") return null;
  return (
    <aside
      aria-label="Your account"
      className="mb-6 flex flex-wrap items-center gap-x-4 gap-y-3 rounded-xl border border-line bg-card px-4 py-3"
    >
      <KeyRound aria-hidden className="size-5 shrink-0 text-quiet" />
      <p className="min-w-0 flex-1 text-quiet">
        You came in by a one-time link. A password and a code app let you in without one.
      </p>
      <Button asChild size="small">
        <Link to="/settings">Set them up</Link>
      </Button>
    </aside>
  );
}
