import { useEffect } from "react";

/** Brings what the address names after its # into view and gives it the focus, once it is there. */
export function useNamedElement(isThere: boolean): void {
  useEffect(() => {
    const name = window.location.hash.slice(1);
    const element = isThere && name !== "" ? document.getElementById(name) : null;
    element?.scrollIntoView({ block: "center" });
    element?.focus({ preventScroll: true });
  }, [isThere]);
}
