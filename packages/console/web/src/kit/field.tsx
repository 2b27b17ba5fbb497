import { type ComponentProps, useId } from "react";

const look = "mt-1 block w-full rounded-lg border border-strong-line bg-page px-3 py-2 font-normal";

/** A line of text with its name above, and below what to know about it. */
export function Field({ label, hint, ...rest }: ComponentProps<"input"> & { label: string; hint?: string }) {
  const [field, about] = [useId(), useId()];
  return (
    <div>
      <label htmlFor={field} className="block text-sm font-medium">
        {label}
      </label>
      <input
        id={field}
        className={look}
        aria-describedby={hint ? about : undefined}
        autoCapitalize="none"
        spellCheck={false}
        {...rest}
      />
      {hint && (
        <p id={about} className="mt-1 text-sm text-quiet">
          {hint}
        </p>
      )}
    </div>
  );
}

/** One of a few values. */
export function Select({
  label,
  options,
  ...rest
}: ComponentProps<"select"> & { label: string; options: Record<string, string> }) {
  const field = useId();
  return (
    <div>
      <label htmlFor={field} className="block text-sm font-medium">
        {label}
      </label>
      <select id={field} className={look} {...rest}>
        {Object.entries(options).map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

/** What went wrong with an act, where it was asked for. */
export function Problem({ error }: { error: Error | null }) {
  return error ? (
    <p role="alert" className="font-medium text-bad first-letter:uppercase">
      {error.message}
    </p>
  ) : null;
}
