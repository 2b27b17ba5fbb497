import { type ComponentProps, type ReactNode, useId } from "react";
import { hiddenIn } from "../../../src/visible-parts.ts";
import { ApiFailure } from "../data/api.ts";
import { cn } from "./cn.ts";
import { Foreign } from "./foreign.tsx";

const look = "mt-1 block w-full rounded-lg border border-strong-line bg-page px-3 py-2 font-normal";

/** A name above what is given, which gets the id that the name is for. */
function Named({ label, children }: { label: ReactNode; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="block text-sm font-medium">
        {label}
      </label>
      {children(id)}
    </div>
  );
}

/** A line of text with its name above, and below what to know about it. */
export function Field({ label, hint, ...rest }: ComponentProps<"input"> & { label: ReactNode; hint?: string }) {
  return (
    <Named label={label}>
      {(id) => (
        <>
          <input
            id={id}
            className={look}
            aria-describedby={hint ? `${id}-hint` : undefined}
            autoCapitalize="none"
            spellCheck={false}
            {...rest}
          />
          {hint && (
            <p id={`${id}-hint`} className="mt-1 text-sm text-quiet">
              {hint}
            </p>
          )}
        </>
      )}
    </Named>
  );
}

/** One of a few values. */
export function Select({
  label,
  options,
  ...rest
}: ComponentProps<"select"> & { label: string; options: Record<string, string> }) {
  return (
    <Named label={label}>
      {(id) => (
        <select id={id} className={look} {...rest}>
          {Object.entries(options).map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Named>
  );
}

/** A text of many lines with its name above. */
export function TextField({ label, value, onChange }: { label: string; value: string; onChange: (text: string) => void }) {
  return (
    <Named label={label}>
      {(id) => (
        <>
          <textarea
            id={id}
            rows={18}
            spellCheck={false}
            aria-describedby={`${id}-hidden`}
            value={value}
            onChange={(event) => onChange(event.target.value)}
            className={cn(look, "font-mono text-sm")}
          />
          <HiddenIn id={`${id}-hidden`} text={value} />
        </>
      )}
    </Named>
  );
}

/** A few words of an operator's own, and beside their name what becomes of them. */
export function Comment({
  label,
  aside,
  className,
  onChange,
  ...rest
}: Omit<ComponentProps<"textarea">, "onChange"> & { label: string; aside: string; onChange: (text: string) => void }) {
  const own = useId();
  const id = rest.id ?? own;
  return (
    <>
      <label htmlFor={id} className="mt-3 block text-sm font-medium">
        {label} <span className="font-normal text-quiet">{aside}</span>
      </label>
      <textarea {...rest} id={id} className={cn(look, className)} onChange={(event) => onChange(event.target.value)} />
    </>
  );
}

/** What a text that is being edited hides: its field cannot show it. */
export function HiddenIn({ id, text }: { id: string; text: string }) {
  const hidden = hiddenIn(text);
  if (hidden.length === 0) return null;
  return (
    <p id={id} className="mt-1 text-sm text-warn">
      It holds characters that cannot be seen, or pass for others: {hidden.join(", ")}.
    </p>
  );
}

/** What went wrong with an act, where it was asked for, and what to do about it where the console knows. */
export function Problem({ error, className }: { error: Error | string | null; className?: string }) {
  if (!error) return null;
  const hint = error instanceof ApiFailure ? error.hint : undefined;
  return (
    <div role="alert" className={className}>
      <Foreign
        block
        text={typeof error === "string" ? error : error.message}
        className="font-medium text-bad first-letter:uppercase"
      />
      {hint && <Foreign block text={hint} className="mt-0.5 text-sm text-quiet first-letter:uppercase" />}
    </div>
  );
}
