import { ToggleGroup } from "radix-ui";

/** One of a few; for filters. */
export function Choices<K extends string>({
  label,
  choices,
  value,
  onChange,
}: {
  label: string;
  choices: Record<K, string>;
  value: K;
  onChange: (value: K) => void;
}) {
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={label}
      value={value}
      onValueChange={(next) => next && onChange(next as K)}
      className="mb-4 flex flex-wrap gap-1.5"
    >
      {(Object.entries(choices) as [K, string][]).map(([key, title]) => (
        <ToggleGroup.Item
          key={key}
          value={key}
          className="min-h-8 rounded-full border border-line bg-card px-3.5 text-sm text-quiet hover:text-text data-[state=on]:border-text data-[state=on]:bg-text data-[state=on]:font-medium data-[state=on]:text-page"
        >
          {title}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
