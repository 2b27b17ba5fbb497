import { type ReactNode, Suspense, useId } from "react";
import { Card } from "./card.tsx";
import { cn } from "./cn.ts";

export interface LegendEntry {
  name: string;
  /** How it is drawn: a filled square, or a dashed line. */
  look: "accent" | "second" | "estimate" | "cap";
}
const swatches: Record<LegendEntry["look"], string> = {
  accent: "size-3 rounded-xs bg-accent",
  second: "size-3 rounded-xs bg-strong-line",
  estimate: "w-5 border-t-2 border-dashed border-accent",
  cap: "w-5 border-t-2 border-bad",
};

/**
 * A chart as an image whose summary everybody reads, and its numbers as a table to open. The chart itself comes later than the page: until
 * then, and where it cannot be drawn, summary and numbers stand.
 */
export function Drawn({
  summary,
  legend,
  head,
  rows,
  children,
}: {
  summary: string;
  legend: LegendEntry[];
  head: string[];
  /** A line each, its name first. */
  rows: string[][];
  children: ReactNode;
}) {
  const id = useId();
  return (
    <Card className="px-4 py-4">
      <figure aria-labelledby={id}>
        <figcaption id={id} className="text-sm text-quiet">
          {summary}
        </figcaption>
        <ul className="mt-2 flex flex-wrap gap-x-5 gap-y-1 text-sm">
          {legend.map(({ name, look }) => (
            <li key={name} className="flex items-center gap-2">
              <span aria-hidden className={cn("shrink-0", swatches[look])} />
              {name}
            </li>
          ))}
        </ul>
        <Suspense fallback={<div role="status" aria-label="Loading" className="mt-3 h-64 animate-pulse rounded-lg bg-raised" />}>
          <div role="img" aria-labelledby={id} className="mt-3 h-64">
            {children}
          </div>
        </Suspense>
      </figure>
      <details className="mt-2 text-sm">
        <summary className="w-fit cursor-pointer py-1 text-quiet underline underline-offset-4">The numbers</summary>
        <table className="mt-2 w-full text-right">
          <thead className="text-quiet">
            <tr>
              {head.map((name, index) => (
                <th key={name} scope="col" className={cn("py-1.5 pl-3 font-medium", index === 0 && "pl-0 text-left")}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="tabular divide-y divide-line border-t border-line">
            {rows.map(([name, ...amounts]) => (
              <tr key={name}>
                <th scope="row" className="py-1.5 text-left font-normal">
                  {name}
                </th>
                {amounts.map((amount, index) => (
                  <td key={index} className="py-1.5 pl-3">
                    {amount}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </Card>
  );
}

/** Stands where a chart's code could not be loaded. */
export const NotDrawn = () => (
  <p className="flex h-full items-center justify-center rounded-lg bg-raised px-4 text-center text-sm text-quiet">
    The chart could not be loaded. Its numbers are below; load the page anew to try again.
  </p>
);
