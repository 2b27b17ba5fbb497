import { useSyncExternalStore } from "react";

const wide = window.matchMedia("(min-width: 48rem)");
const listen = (tell: () => void): (() => void) => {
  wide.addEventListener("change", tell);
  return () => wide.removeEventListener("change", tell);
};

/** Whether the window is wider than a phone: for what is better left away there than made small. */
export const useWide = (): boolean => useSyncExternalStore(listen, () => wide.matches);
