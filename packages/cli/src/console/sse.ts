export interface ServerSentEvent {
  id: string | null;
  event: string;
  data: string;
}

const frameBytesMax = 4 * 1024 * 1024;

/** Reads server-sent events (HTML standard, 9.2) from a response's body. Comments and fields that we do not use are skipped. */
export async function* readServerSentEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let buffer = "";
  for await (const chunk of body) {
    buffer += decoder.decode(chunk, { stream: true });
    if (buffer.length > frameBytesMax) throw new Error("an event of the stream is too large");
    for (let end = buffer.search(/\r?\n\r?\n/); end >= 0; end = buffer.search(/\r?\n\r?\n/)) {
      const frame = buffer.slice(0, end);
      buffer = buffer.slice(end).replace(/^\r?\n\r?\n/, "");
      const event = parseFrame(frame);
      if (event) yield event;
    }
  }
}

function parseFrame(frame: string): ServerSentEvent | null {
  const seen: ServerSentEvent = { id: null, event: "message", data: "" };
  const data: string[] = [];
  for (const text of frame.split(/\r?\n/)) {
    const [, field, value = ""] = /^(id|event|data):? ?(.*)$/.exec(text) ?? [];
    if (field === "data") data.push(value);
    else if (field === "id") seen.id = value;
    else if (field === "event") seen.event = value;
  }
  return data.length === 0 ? null : { ...seen, data: data.join("\n") };
}
