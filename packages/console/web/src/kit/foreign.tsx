import { visibleParts } from "../../../src/visible-parts.ts";
import { cn } from "./cn.ts";

/**
 * Text that an agent or the outside world wrote: never markup, direction kept inside, and characters that hide or reorder
 * text shown as `U+…`.
 */
export function Foreign({ text, block = false, className }: { text: string; block?: boolean; className?: string }) {
  const parts = visibleParts(text).map((part, index) =>
    "hidden" in part ? (
      <span key={index} className="hidden-character">
        {part.hidden}
      </span>
    ) : (
      part.text
    ),
  );
  return block ? (
    <p dir="auto" className={cn("foreign whitespace-pre-wrap", className)}>
      {parts}
    </p>
  ) : (
    <span dir="auto" className={cn("foreign", className)}>
      {parts}
    </span>
  );
}
