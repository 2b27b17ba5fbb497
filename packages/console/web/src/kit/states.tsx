import { CircleAlert, RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import { ApiFailure } from "../data/api.ts";
import { Button } from "./button.tsx";
import { cn } from "./cn.ts";
import { Foreign } from "./foreign.tsx";

/** Stands in for content that is on its way; the same height as what comes. */
export function Loading({ rows = 3, className }: { rows?: number; className?: string }) {
  return (
    <div
      role="status"
      aria-label="Loading"
      className={cn("rounded-xl border border-line bg-card divide-y divide-line", className)}
    >
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="animate-pulse space-y-2.5 px-4 py-4">
          <div className="h-3.5 w-2/5 rounded bg-raised" />
          <div className="h-3 w-3/5 rounded bg-raised" />
        </div>
      ))}
    </div>
  );
}

/** Says what would be here and what brings it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="rounded-xl border border-dashed border-line px-6 py-8 text-center">
      <p className="font-medium">{title}</p>
      {children && <p className="mx-auto mt-1 max-w-md text-sm text-quiet">{children}</p>}
    </div>
  );
}

export function Failed({ error, retry }: { error: unknown; retry: () => void }) {
  const failure = error instanceof ApiFailure ? error : null;
  return (
    <div role="alert" className="flex flex-wrap items-start gap-3 rounded-xl border border-bad bg-card px-4 py-4">
      <CircleAlert aria-hidden className="mt-0.5 size-5 shrink-0 text-bad" />
      <div className="min-w-0 flex-1">
        <Foreign block text={failure?.message ?? "This could not be shown."} className="font-medium first-letter:uppercase" />
        <p className="text-sm text-quiet">
          {failure?.hint && <Foreign text={failure.hint} />} <span className="font-mono text-xs">{failure?.code}</span>
        </p>
      </div>
      <Button size="small" onClick={retry}>
        <RotateCw aria-hidden /> Try again
      </Button>
    </div>
  );
}

/** Shows a query's four states: loading, failed, empty, there. What is old stays visible while it cannot be refreshed. */
export function Loaded<T>({
  query,
  rows,
  children,
}: {
  query: { data: T | undefined; error: unknown; refetch: () => unknown };
  rows?: number;
  children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return <Loading {...(rows ? { rows } : {})} />;
}
