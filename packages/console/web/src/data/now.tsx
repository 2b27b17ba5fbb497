import { createContext, type ReactNode, useContext, useEffect, useState } from "react";

const NowContext = createContext(0);
const everyMs = 5_000;

/** One clock for all relative times of the page. */
export function NowProvider({ children }: { children: ReactNode }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, []);
  return <NowContext value={now}>{children}</NowContext>;
}

export const useNow = (): number => useContext(NowContext);
