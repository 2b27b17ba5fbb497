/** An event of the Messages API's stream. */
export interface MessagesEvent {
  type: string;
  [field: string]: unknown;
}

interface Call {
  id: string;
  name: string;
  /** Argument text that has come and was not passed on yet. */
  waiting: string;
}

/** What may wait for its turn, in characters, of all calls and late text together. */
export const waitingCharactersMax = 16_000_000;

/**
 * Orders pieces that may come mixed into content blocks, of which only one may be open at a time: text until the first call, then
 * that call as it comes; later calls, and text that comes after a call began, follow complete at the end. What would wait beyond `waitingCharactersMax` throws.
 */
export function makeBlocks() {
  const calls = new Map<number, Call>();
  let index = -1;
  let open: "text" | "call" | null = null;
  let first: number | null = null;
  let lateText = "";
  let waited = 0;
  const wait = (piece: string): string => {
    waited += piece.length;
    if (waited > waitingCharactersMax) throw new Error("the endpoint mixes more than 16 MB of calls and text");
    return piece;
  };

  const start = (content: Record<string, unknown>): MessagesEvent => ({
    type: "content_block_start",
    index: (index += 1),
    content_block: content,
  });
  const delta = (change: Record<string, unknown>): MessagesEvent => ({ type: "content_block_delta", index, delta: change });
  const close = (): MessagesEvent[] => {
    if (open === null) return [];
    open = null;
    return [{ type: "content_block_stop", index }];
  };
  const pass = (call: Call): MessagesEvent[] => {
    if (call.waiting === "") return [];
    const piece = call.waiting;
    call.waiting = "";
    return [delta({ type: "input_json_delta", partial_json: piece })];
  };
  const openCall = (call: Call): MessagesEvent[] => {
    const closed = close();
    open = "call";
    return [...closed, start({ type: "tool_use", id: call.id, name: call.name, input: {} }), ...pass(call)];
  };
  const writeText = (piece: string): MessagesEvent[] => {
    const before = open === "text" ? [] : [...close(), start({ type: "text", text: "" })];
    open = "text";
    return [...before, delta({ type: "text_delta", text: piece })];
  };

  return {
    text: (piece: string): MessagesEvent[] => {
      if (first === null) return writeText(piece);
      lateText += wait(piece);
      return [];
    },
    /** `at` is the endpoint's number of the call; id and name count when it is seen for the first time. */
    call: (at: number, named: { id: string; name: string }, piece: string): MessagesEvent[] => {
      const known = calls.get(at);
      const call = known ?? { ...named, waiting: "" };
      calls.set(at, call);
      call.waiting += at === (first ?? at) ? piece : wait(piece);
      if (first === null) {
        first = at;
        return openCall(call);
      }
      return at === first ? pass(call) : [];
    },
    /** Everything that has not been passed on, and the end of the last block. */
    end: (): MessagesEvent[] => {
      const later = [...calls].filter(([at]) => at !== first).toSorted(([a], [b]) => a - b);
      const events = later.flatMap(([, call]) => openCall(call));
      if (lateText !== "") events.push(...writeText(lateText));
      return [...events, ...close()];
    },
  };
}
