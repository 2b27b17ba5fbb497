import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

const badge = cva("inline-flex items-center gap-1.5 rounded-full px-2.5 py-0.5 text-xs font-medium whitespace-nowrap", {
  variants: {
    tone: {
      neutral: "bg-raised text-quiet",
      accent: "bg-accent-soft text-accent",
      good: "bg-good-soft text-good",
      bad: "bg-bad-soft text-bad",
      warn: "bg-warn-soft text-warn",
    },
  },
  defaultVariants: { tone: "neutral" },
});

export type Tone = NonNullable<VariantProps<typeof badge>["tone"]>;

export function Badge({ tone, className, ...rest }: ComponentProps<"span"> & VariantProps<typeof badge>) {
  return <span className={cn(badge({ tone }), className)} {...rest} />;
}

const dots: Record<Tone, string> = {
  neutral: "bg-strong-line",
  accent: "bg-accent",
  good: "bg-good",
  bad: "bg-bad",
  warn: "bg-warn",
};

/** A state with a dot; the word always stands beside it, so that colour is never alone. */
export function StateBadge({ tone, children }: { tone: Tone; children: string }) {
  return (
    <Badge tone={tone}>
      <span aria-hidden className={cn("size-1.5 rounded-full", dots[tone])} />
      {children}
    </Badge>
  );
}
