import { useNow } from "../data/now.tsx";

const units = [
  [172_800, 86_400, "days"],
  [5_400, 3_600, "h"],
  [60, 60, "min"],
  [0, 1, "s"],
] as const;
const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

export function relativeText(iso: string, now: number): string {
  const seconds = Math.round((Date.parse(iso) - now) / 1_000);
  if (Math.abs(seconds) < 10) return seconds > 0 ? "in a moment" : "just now";
  const [, size, unit] = units.find(([from]) => Math.abs(seconds) >= from)!;
  const amount = `${Math.round(Math.abs(seconds) / size)} ${unit}`;
  return seconds > 0 ? `in ${amount}` : `${amount} ago`;
}

/** How long ago or until; the exact time is its title. */
export function When({ at, className }: { at: string; className?: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={exact.format(new Date(at))} className={className}>
      {relativeText(at, now)}
    </time>
  );
}
