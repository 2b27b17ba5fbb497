import { useState } from "react";
import { type BrowserNoticeState, browserNoticeState, showBrowserNotice, turnBrowserNotices } from "../data/browser-notices.ts";
import { Button } from "../kit/button.tsx";

const states: Record<BrowserNoticeState, string> = {
  on: "On in this browser, while the console is open in a tab.",
  off: "Off in this browser.",
  blocked: "This browser blocks notices of this site: allow them in its settings for the site, then turn them on here.",
  missing: "This browser shows no notices here: they need https, or this machine's own address.",
};

/** Whether this browser shows what waits, failed or costs; its owner chooses for it alone. */
export function BrowserNotices({ rehearsal }: { rehearsal: boolean }) {
  const [state, setState] = useState(browserNoticeState);
  const [tried, setTried] = useState<boolean | null>(null);
  const turn = (on: boolean): void => void turnBrowserNotices(on).then(setState);
  const test = (): void =>
    setTried(
      showBrowserNotice({
        tag: "aito test",
        title: `${rehearsal ? "[REHEARSAL] " : ""}Test: this browser shows notices`,
        body: "Nothing waits for you: somebody tried it in the console's settings.",
        path: "/settings",
      }),
    );
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg bg-raised px-3 py-2.5 text-sm">
      <p className="min-w-0 flex-1 basis-60">{states[state]}</p>
      {state === "off" && (
        <Button size="small" onClick={() => turn(true)}>
          Turn on here
        </Button>
      )}
      {state === "on" && (
        <>
          <Button size="small" aria-label="Show a test notice in this browser" onClick={test}>
            Test
          </Button>
          <Button size="small" onClick={() => turn(false)}>
            Turn off here
          </Button>
        </>
      )}
      {tried !== null && (
        <p role="status" className="basis-full">
          {tried
            ? "Handed to the browser. If nothing shows, the system keeps its notices back."
            : "This browser shows no notices from a page: phones often do not. Telegram or e-mail reach you there."}
        </p>
      )}
    </div>
  );
}
