import fc from "fast-check";
import { expect, test } from "vitest";
import { readServerSentEvents, type ServerSentEvent } from "./sse.ts";

const read = async (chunks: Uint8Array[]): Promise<ServerSentEvent[]> => {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      chunks.forEach((chunk) => controller.enqueue(chunk));
      controller.close();
    },
  });
  const events: ServerSentEvent[] = [];
  for await (const event of readServerSentEvents(body)) events.push(event);
  return events;
};

test("events are the same however the bytes are cut", async () => {
  const bytes = new TextEncoder().encode(
    'retry: 2000\n\n: still here\n\nid: 7\nevent: audit\ndata: {"a":"«ü»"}\n\ndata: 1\ndata: 2\r\n\r\n',
  );
  const expected = [
    { id: "7", event: "audit", data: '{"a":"«ü»"}' },
    { id: null, event: "message", data: "1\n2" },
  ];
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 10 }), async (cuts) => {
      const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      const chunks = places.slice(1).map((end, index) => bytes.slice(places[index], end));
      expect(await read(chunks)).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});
