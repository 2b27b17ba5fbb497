/** What the heartbeat says: what the agent is doing, and a number that grows with each step, so that busy differs from hung. */
export interface Activity {
  readonly doing: string | null;
  readonly progress: number;
  start(doing: string): void;
  step(doing?: string): void;
  rest(): void;
}

const doingCharsMax = 200;

export function makeActivity(): Activity {
  let doing: string | null = null;
  let progress = 0;
  const set = (text: string): void => {
    doing = text.length > doingCharsMax ? `${text.slice(0, doingCharsMax - 1)}…` : text;
  };
  return {
    get doing() {
      return doing;
    },
    get progress() {
      return progress;
    },
    start: (text) => {
      set(text);
      progress += 1;
    },
    step: (text) => {
      if (text !== undefined) set(text);
      progress += 1;
    },
    rest: () => {
      doing = null;
      progress += 1;
    },
  };
}
