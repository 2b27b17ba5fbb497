import type { ReactNode } from "react";
import { visibleParts } from "../../../src/visible-parts.ts";
import { cn } from "./cn.ts";

/** Characters that hide or reorder text, shown as `U+…`; everything else as it is. */
export const Visible = ({ text }: { text: string }) =>
  visibleParts(text).map((part, index) =>
    "hidden" in part ? (
      <span key={index} className="hidden-character">
        {part.hidden}
      </span>
    ) : (
      part.text
    ),
  );

interface Look {
  block?: boolean;
  /** As the text's first letter has it, or always from left to right. */
  dir?: "auto" | "ltr";
  className?: string;
}

/** Keeps the direction of what stands in it inside. */
export function Inside({ block = false, dir = "auto", className, children }: Look & { children: ReactNode }) {
  return block ? (
    <p dir={dir} className={cn("foreign whitespace-pre-wrap", className)}>
      {children}
    </p>
  ) : (
    <span dir={dir} className={cn("foreign", className)}>
      {children}
    </span>
  );
}

/**
 * Text that an agent or the outside world wrote: never markup, direction kept inside, and characters that hide or reorder
 * text shown as `U+…`.
 */
export const Foreign = ({ text, ...look }: Look & { text: string }) => (
  <Inside {...look}>
    <Visible text={text} />
  </Inside>
);
