import { Monitor, Moon, Sun } from "lucide-react";
import { ToggleGroup } from "radix-ui";
import { useState } from "react";
import { Button } from "../kit/button.tsx";

const choices = [
  { value: "light", title: "Light", icon: Sun },
  { value: "dark", title: "Dark", icon: Moon },
  { value: "system", title: "As the system", icon: Monitor },
] as const;

const stored = (): string => {
  try {
    return localStorage.getItem("aito-theme") ?? "system";
  } catch {
    return "system";
  }
};

/** Light, dark, or as the system; `theme.js` applies it, also before the first paint. */
export function ThemeChoice() {
  const [choice, setChoice] = useState(stored);
  const choose = (value: string): void => {
    if (!value) return;
    setChoice(value);
    try {
      localStorage.setItem("aito-theme", value);
    } catch {
      // Kept for this page only.
    }
    window.dispatchEvent(new Event("aito-theme"));
  };
  const shown = choices.find(({ value }) => value === choice) ?? choices[2];
  return (
    <>
      <Button
        look="ghost"
        size="icon"
        className="md:hidden"
        aria-label={`Colours: ${shown.title.toLowerCase()}. Change`}
        onClick={() => choose(choices[(choices.indexOf(shown) + 1) % choices.length]!.value)}
      >
        <shown.icon aria-hidden />
      </Button>
      <ToggleGroup.Root
        type="single"
        value={choice}
        onValueChange={choose}
        aria-label="Colours"
        className="flex rounded-lg max-md:hidden border border-line bg-card p-0.5"
      >
        {choices.map(({ value, title, icon: Icon }) => (
          <ToggleGroup.Item
            key={value}
            value={value}
            aria-label={title}
            title={title}
            className="rounded-md p-1.5 text-quiet hover:text-text data-[state=on]:bg-raised data-[state=on]:text-text"
          >
            <Icon aria-hidden className="size-4" />
          </ToggleGroup.Item>
        ))}
      </ToggleGroup.Root>
    </>
  );
}
