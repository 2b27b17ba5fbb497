import { useConnection } from "../data/live.tsx";
import { cn } from "../kit/cn.ts";

const looks = {
  live: { text: "Live", dot: "bg-good" },
  connecting: { text: "Connecting", dot: "bg-strong-line animate-pulse" },
  lost: { text: "Reconnecting", dot: "bg-bad animate-pulse" },
} as const;

/** Whether what is shown is current. */
export function ConnectionState() {
  const { text, dot } = looks[useConnection()];
  return (
    <p role="status" className="flex items-center gap-2 text-sm text-quiet">
      <span aria-hidden className={cn("size-2 rounded-full", dot)} />
      <span className="max-md:sr-only">{text}</span>
    </p>
  );
}
