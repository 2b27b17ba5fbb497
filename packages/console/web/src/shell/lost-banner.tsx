import { CloudOff } from "lucide-react";
import { useConnection } from "../data/live.tsx";

/** While the console is out of reach: that what is shown is old, where it is looked at. */
export function LostBanner() {
  if (useConnection() !== "lost") return null;
  return (
    <p className="mb-6 flex items-center gap-3 rounded-xl border border-line bg-warn-soft px-4 py-3 text-warn">
      <CloudOff aria-hidden className="size-5 shrink-0" />
      The console cannot be reached. What you see is from before; it goes on by itself.
    </p>
  );
}
