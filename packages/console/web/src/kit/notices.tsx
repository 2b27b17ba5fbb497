import { createContext, type ReactNode, useCallback, useContext, useState } from "react";
import { cn } from "./cn.ts";
import { Foreign } from "./foreign.tsx";

interface Notice {
  id: number;
  text: string;
  failed: boolean;
}

const shownMs = 6_000;
const NoticeContext = createContext<(text: string, failed?: boolean) => void>(() => undefined);
/** Tells the operator in one sentence what became of an act. */
export const useNotice = () => useContext(NoticeContext);

export function NoticeProvider({ children }: { children: ReactNode }) {
  const [notices, setNotices] = useState<Notice[]>([]);
  const tell = useCallback((text: string, failed = false) => {
    const id = performance.now();
    setNotices((now) => [...now.slice(-2), { id, text, failed }]);
    setTimeout(() => setNotices((now) => now.filter((notice) => notice.id !== id)), shownMs);
  }, []);
  return (
    <NoticeContext value={tell}>
      {children}
      <div
        role="status"
        aria-live="polite"
        className="pointer-events-none fixed inset-x-4 bottom-20 z-50 flex flex-col items-center gap-2 md:bottom-6"
      >
        {notices.map((notice) => (
          <p
            key={notice.id}
            className={cn(
              "max-h-40 max-w-[min(32rem,100%)] overflow-hidden rounded-lg border bg-card px-4 py-2.5 shadow-lg",
              notice.failed ? "border-bad text-bad" : "border-line",
            )}
          >
            <Foreign text={notice.text} />
          </p>
        ))}
      </div>
    </NoticeContext>
  );
}
