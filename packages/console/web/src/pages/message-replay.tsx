import type { TalkSpan } from "@aito/protocol";
import { useQuery } from "@tanstack/react-query";
import { Pause, Play, SkipBack, SkipForward } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { isOver, shownOf } from "../../../src/replay-reel.ts";
import { talkSpanQuery } from "../data/queries.ts";
import { makeReplayPlayer, type ReplayPlayer, type TalkChoice } from "../data/replay-player.ts";
import { Button } from "../kit/button.tsx";
import { Card, Rows } from "../kit/card.tsx";
import { Choices } from "../kit/choices.tsx";
import { Problem } from "../kit/field.tsx";
import { Empty, Loaded } from "../kit/states.tsx";
import { MessageRow } from "./message-row.tsx";

const speeds = { 1: "As it was", 10: "10 ×", 60: "A minute a second", 3600: "An hour a second" } as const;
type Speed = `${keyof typeof speeds}`;
const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
/** A slider's arrow keys move by so many parts of the whole. */
const sliderSteps = 500;

/** What was said, again, from a chosen time on: played, stepped through, a page of the records at a time. */
export default function MessageReplay({ cut }: { cut: TalkChoice }) {
  const span = useQuery(talkSpanQuery(cut));
  return (
    <Loaded query={span} rows={3}>
      {(data) =>
        data.from === null || data.to === null ? (
          <Empty title="Nothing to replay">As soon as something was said here, it can be played again.</Empty>
        ) : (
          <Player cut={cut} span={{ ...data, from: data.from, to: data.to }} />
        )
      }
    </Loaded>
  );
}

type Span = TalkSpan & { from: string; to: string };

function Player({ cut, span }: { cut: TalkChoice; span: Span }) {
  const [player] = useState(() => makeReplayPlayer(cut, span.from));
  const { reel, playing, speed, error } = useSyncExternalStore(player.subscribe, player.state);
  useEffect(() => player.begin(), [player]);
  useKeys(player);
  const shown = shownOf(reel);
  return (
    <div className="space-y-4">
      <Card className="px-4 py-4 sm:px-5">
        <Timeline span={span} now={shown.at(-1)?.timestamp ?? span.from} onSeek={player.seek} />
        <div className="mt-3 flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
          <div className="flex items-center gap-2">
            <Button size="icon" aria-label="One back" title="One back (J)" onClick={() => player.step(-1)}>
              <SkipBack aria-hidden />
            </Button>
            <Button look="primary" onClick={player.toggle} title="Play or pause (K or space)" className="min-w-28">
              {playing ? <Pause aria-hidden /> : <Play aria-hidden />}
              {playing ? "Pause" : "Play"}
            </Button>
            <Button size="icon" aria-label="One on" title="One on (L)" onClick={() => player.step(1)} disabled={isOver(reel)}>
              <SkipForward aria-hidden />
            </Button>
          </div>
          <div className="-mb-4">
            <Choices
              label="Speed"
              choices={speeds}
              value={String(speed) as Speed}
              onChange={(next: Speed) => player.setSpeed(Number(next))}
            />
          </div>
        </div>
        <p className="mt-3 text-sm text-quiet max-sm:hidden">
          Space plays and pauses, J and L step. Long silences are shortened.
        </p>
        <Problem error={error} />
      </Card>
      {shown.length > 0 && (
        <Rows>
          {shown.toReversed().map((message) => (
            <MessageRow key={message.id} message={message} exactly linked={false} />
          ))}
        </Rows>
      )}
    </div>
  );
}

/** The time of all that was said, with how much when above it. The slider itself is the browser's: arrows, Home and End work. */
function Timeline({ span, now, onSeek }: { span: Span; now: string; onSeek: (to: string) => void }) {
  const [begins, ends] = [Date.parse(span.from), Date.parse(span.to)];
  const [dragged, setDragged] = useState<number | null>(null);
  const at = dragged ?? Date.parse(now);
  const most = Math.max(1, ...span.parts);
  const part = ends > begins ? (at - begins) / (ends - begins) : 1;
  const settle = (): void => {
    if (dragged !== null) onSeek(new Date(dragged).toISOString());
    setDragged(null);
  };
  return (
    <div>
      <p className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="tabular text-lg font-semibold">{exact.format(at)}</span>
        <span className="text-sm text-quiet">{span.messages.toLocaleString("en")} messages</span>
      </p>
      <div aria-hidden className="mt-2 flex h-10 items-end gap-px">
        {span.parts.map((count, index) => (
          <span
            key={index}
            className={index / span.parts.length <= part ? "flex-1 rounded-t-sm bg-accent" : "flex-1 rounded-t-sm bg-line"}
            style={{ height: `${count === 0 ? 0 : Math.max(8, (count / most) * 100)}%` }}
          />
        ))}
      </div>
      <input
        type="range"
        aria-label="Play from"
        aria-valuetext={exact.format(at)}
        min={begins}
        max={ends}
        step={Math.max(1, Math.floor((ends - begins) / sliderSteps))}
        value={at}
        onChange={(event) => setDragged(Number(event.target.value))}
        onPointerUp={settle}
        onKeyUp={settle}
        onBlur={settle}
        className="block h-6 w-full cursor-pointer accent-(--accent)"
      />
      <p className="flex justify-between gap-4 text-xs text-quiet">
        <time dateTime={span.from}>{exact.format(begins)}</time>
        <time dateTime={span.to}>{exact.format(ends)}</time>
      </p>
    </div>
  );
}

/** Keys for the whole page, unless something that takes them itself has the focus. */
function useKeys(player: ReplayPlayer): void {
  useEffect(() => {
    const acts: Record<string, () => void> = {
      " ": player.toggle,
      k: player.toggle,
      j: () => player.step(-1),
      l: () => player.step(1),
    };
    const onKey = (event: KeyboardEvent): void => {
      const act = acts[event.key];
      const taken = event.target instanceof Element && event.target.closest("input, select, textarea, button, a, summary");
      if (!act || event.ctrlKey || event.metaKey || event.altKey || taken) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [player]);
}
