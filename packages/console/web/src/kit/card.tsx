import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn.ts";

export function Card({ className, ...rest }: ComponentProps<"section">) {
  return <section className={cn("rounded-xl border border-line bg-card", className)} {...rest} />;
}

/** A titled part of a page. */
export function Section({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section>
      <div className="mb-2.5 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5">
        <h2 className="shrink-0 text-[0.9375rem] font-semibold">{title}</h2>
        {aside && <div className="text-sm text-quiet">{aside}</div>}
      </div>
      {children}
    </section>
  );
}

/** Rows in one card, divided by lines. */
export function Rows({ children, className }: { children: ReactNode; className?: string }) {
  return <ul className={cn("divide-y divide-line rounded-xl border border-line bg-card", className)}>{children}</ul>;
}
