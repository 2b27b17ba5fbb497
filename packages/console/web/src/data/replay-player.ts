import type { AgentMessage, Page, Replayed } from "@aito/protocol";
import { emptyReel, isOver, pauseMs, type Reel, stepped, wantsMore, withPage } from "../../../src/replay-reel.ts";
import { get } from "./api.ts";

export interface TalkChoice {
  with?: string | undefined;
  thread?: string | undefined;
}
export interface Playing {
  reel: Reel<AgentMessage>;
  playing: boolean;
  /** 1: as it was. */
  speed: number;
  error: Error | null;
}

const pageSize = 100;
const firstSpeed = 60;

const pageOf = (cut: TalkChoice, where: { from?: string; after?: string | undefined }): Promise<Replayed> =>
  get<Replayed>("/api/v1/messages/replay", { ...cut, ...where, limit: pageSize });
const pageBefore = (cut: TalkChoice, before: string): Promise<Page<AgentMessage>> =>
  get<Page<AgentMessage>>("/api/v1/messages", { ...cut, before, limit: pageSize });

/** The reel as it runs: what is shown next and when, and the pages that it needs ahead. */
function makeReel(cut: TalkChoice) {
  let state: Playing = { reel: emptyReel, playing: false, speed: firstSpeed, error: null };
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;
  let fetching = false;

  const set = (more: Partial<Playing>): void => {
    state = { ...state, ...more };
    if (state.playing && isOver(state.reel)) state = { ...state, playing: false };
    clearTimeout(timer);
    const wait = state.playing ? pauseMs(state.reel, state.speed) : null;
    if (wait !== null) timer = setTimeout(() => set({ reel: stepped(state.reel, 1) }), wait);
    if (wantsMore(state.reel) && !fetching && state.error === null) fetchMore();
    for (const listener of listeners) listener();
  };
  /** Does what the answer says, if nothing else was asked for meanwhile. */
  const ask = async <T>(answer: Promise<T>, take: (got: T) => Partial<Playing>): Promise<void> => {
    const mine = asked;
    try {
      const got = await answer;
      if (mine === asked) set({ error: null, ...take(got) });
    } catch (error) {
      if (mine === asked) set({ playing: false, error: error as Error });
    }
  };
  const fetchMore = (): void => {
    fetching = true;
    void ask(pageOf(cut, { after: state.reel.next ?? undefined }), (got) => {
      fetching = false;
      return { reel: withPage(state.reel, got) };
    });
  };
  return {
    state: (): Playing => state,
    set,
    ask,
    /** What is under way is no longer wanted. */
    forget: (): void => {
      asked += 1;
      fetching = false;
      clearTimeout(timer);
    },
    subscribe: (listener: () => void): (() => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Plays what was said, from the records, a page at a time. A seek that is overtaken by another one leaves nothing behind. */
export function makeReplayPlayer(cut: TalkChoice, from: string) {
  const reel = makeReel(cut);
  const { state, set, ask } = reel;

  const seek = (to: string, more: Partial<Playing> = {}): void => {
    reel.forget();
    void ask(pageOf(cut, { from: to }), (got) => ({
      ...more,
      reel: { items: got.items, at: Math.min(0, got.items.length - 1), next: got.next },
    }));
  };
  /** Beyond what is loaded, what came before it is fetched, too. */
  const back = (): void => {
    const { items, at } = state().reel;
    const first = items[0];
    if (at > 0 || !first) return set({ playing: false, reel: stepped(state().reel, -1) });
    void ask(pageBefore(cut, first.id), (got) => {
      const before = got.items.toReversed();
      const longer = { ...state().reel, items: [...before, ...state().reel.items], at: before.length - 1 };
      return before.length === 0 ? { playing: false } : { playing: false, reel: longer };
    });
  };
  return {
    state,
    subscribe: reel.subscribe,
    /** Shows the first one; ends with what it returns. */
    begin: (): (() => void) => {
      seek(from);
      return reel.forget;
    },
    seek: (to: string) => seek(to, { playing: false }),
    toggle: () => {
      if (!state().playing && isOver(state().reel)) seek(from, { playing: true });
      else set({ playing: !state().playing });
    },
    step: (by: 1 | -1) => (by === 1 ? set({ playing: false, reel: stepped(state().reel, 1) }) : back()),
    setSpeed: (speed: number) => set({ speed }),
  };
}
export type ReplayPlayer = ReturnType<typeof makeReplayPlayer>;
