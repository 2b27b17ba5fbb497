import { type RefObject, useEffect, useLayoutEffect, useRef } from "react";
import { nextCard } from "../../../src/next-card.ts";

const dialogs = "[role=dialog], [role=alertdialog]";

/**
 * Keeps the place of who works through a list of cards: when the one that has the focus goes, the next one gets it, or the page's heading
 * where none is left. Each card's element has its key as `data-card`. Answers the live region in which it tells how many cards wait, and for
 * whom: also those that are not answered in this list.
 */
export function useKeptPlace(
  list: RefObject<HTMLElement | null>,
  keys: readonly string[],
  told: { waiting: number; whom: string },
): RefObject<HTMLParagraphElement | null> {
  const at = useRef<string | null>(null);
  const before = useRef<readonly string[]>([]);
  const left = useRef<HTMLParagraphElement>(null);

  useEffect(() => {
    const cardOf = (target: EventTarget | null): string | null => {
      const card = target instanceof Element ? target.closest<HTMLElement>("[data-card]") : null;
      return card && list.current?.contains(card) ? (card.dataset["card"] ?? null) : null;
    };
    // A button that is pressed is disabled and loses the focus to nobody: what had it last counts.
    const onFocus = ({ target }: FocusEvent): void => {
      if (target instanceof Element && target.closest(dialogs)) return;
      at.current = cardOf(target);
    };
    // Who clicks elsewhere has left it, also where nothing takes the focus.
    const onPress = ({ target }: PointerEvent): void => {
      if (at.current !== null && cardOf(target) !== at.current) at.current = null;
    };
    document.addEventListener("focusin", onFocus);
    document.addEventListener("pointerdown", onPress);
    return () => {
      document.removeEventListener("focusin", onFocus);
      document.removeEventListener("pointerdown", onPress);
    };
  }, [list]);

  useLayoutEffect(() => {
    const [was, gone] = [before.current, at.current];
    before.current = keys;
    if (gone === null || keys.includes(gone)) return;
    at.current = null;
    if (document.activeElement !== null && document.activeElement !== document.body) return;
    const next = nextCard(was, keys, gone);
    const cards = [...(list.current?.querySelectorAll<HTMLElement>("[data-card]") ?? [])];
    const card = cards.find((each) => each.dataset["card"] === next);
    (card ?? document.querySelector<HTMLElement>("main h1"))?.focus();
    // Told where nobody looks: what is seen says it by itself.
    if (left.current)
      left.current.textContent =
        told.waiting === 0
          ? `Nothing else waits for ${told.whom}.`
          : `${told.waiting} more ${told.waiting === 1 ? "waits" : "wait"} for ${told.whom}.`;
  });
  return left;
}
