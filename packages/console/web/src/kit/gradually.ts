import { useDeferredValue } from "react";

/**
 * A long list's first items at once, and all of them as soon as that can be done without holding up what the reader does. Changed items
 * follow in the same way: a page that hears of a change every second stays quick under the hand.
 */
export const useGradually = <T>(items: T[], first: number): T[] => useDeferredValue(items, items.slice(0, first));
