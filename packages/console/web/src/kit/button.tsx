import { cva, type VariantProps } from "class-variance-authority";
import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

const button = cva(
  "inline-flex items-center justify-center gap-2 rounded-lg font-medium whitespace-nowrap transition-colors disabled:opacity-50 disabled:cursor-not-allowed [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      look: {
        plain: "border border-line bg-card hover:bg-raised",
        primary: "bg-accent text-on-accent hover:opacity-90",
        good: "bg-good text-on-accent hover:opacity-90",
        danger: "border border-bad text-bad hover:bg-bad-soft",
        ghost: "text-quiet hover:bg-raised hover:text-text",
      },
      size: { normal: "min-h-10 px-4 text-[0.9375rem]", small: "min-h-8 px-3 text-sm", icon: "size-9" },
    },
    defaultVariants: { look: "plain", size: "normal" },
  },
);

export function Button({
  look,
  size,
  className,
  asChild = false,
  ...rest
}: ComponentProps<"button"> & VariantProps<typeof button> & { asChild?: boolean }) {
  const Element = asChild ? Slot.Root : "button";
  return (
    <Element {...(asChild ? {} : { type: "button" as const })} className={cn(button({ look, size }), className)} {...rest} />
  );
}
