import { expect, test } from "vitest";
import { makeUsageMeter, tokensMax } from "./usage-meter.ts";

const stream = [
  'event: message_start\ndata: {"type":"message_start","message":{"usage":{"input_tokens":12,"output_tokens":1,"cache_read_input_tokens":7,"cache_creation_input_tokens":9,"cache_creation":{"ephemeral_1h_input_tokens":4}}}}\n\n',
  'event: content_block_delta\ndata: {"type":"content_block_delta","delta":{"type":"text_delta","text":"\\"usage\\" and ümläut"}}\n\n',
  'event: message_delta\ndata: {"type":"message_delta","usage":{"output_tokens":34}}\n\n',
].join("");

test("usage is read from a stream however it is cut into pieces", () => {
  const bytes = new TextEncoder().encode(stream);
  for (const size of [1, 7, 64, bytes.length]) {
    const meter = makeUsageMeter();
    for (let at = 0; at < bytes.length; at += size) meter.feed(bytes.subarray(at, at + size));
    expect(meter.usage()).toEqual({ input: 12, output: 34, cacheWrite: 9, cacheWrite1h: 4, cacheRead: 7, webSearches: 0 });
  }
});

test("a stream that ends early leaves what it had said, and one without usage leaves it unknown", () => {
  const meter = makeUsageMeter();
  meter.feed(new TextEncoder().encode(stream.slice(0, stream.indexOf("event: message_delta"))));
  expect(meter.usage()).toMatchObject({ input: 12, output: 1 });
  expect(makeUsageMeter().usage()).toMatchObject({ input: null, output: null });
});

test("usage is read from a whole answer; numbers that are none are ignored", () => {
  const meter = makeUsageMeter();
  meter.whole({ usage: { input_tokens: 3, output_tokens: "many", cache_read_input_tokens: -1 } });
  expect(meter.usage()).toEqual({ input: 3, output: null, cacheWrite: null, cacheWrite1h: 0, cacheRead: null, webSearches: 0 });
  meter.whole(null);
});

test.each([[-1], [1.5], [1e300], [2 ** 53], [tokensMax + 1], ["7"], [{}]])("F15 a count of %j is no count: unknown", (said) => {
  const meter = makeUsageMeter();
  meter.whole({ usage: { input_tokens: said, output_tokens: said, server_tool_use: { web_search_requests: said } } });
  expect(meter.usage()).toMatchObject({ input: null, output: null, webSearches: 0 });
});
