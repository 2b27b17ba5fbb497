import { expect, test } from "vitest";
import { outputBytesMax, outputText } from "./output.ts";

const frame = (text: string, stream = 1): Buffer => {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
};

test("joins the frames of both streams in order", () => {
  expect(outputText(Buffer.concat([frame("one\n"), frame("two\n", 2), frame("three ✓\n")]))).toBe("one\ntwo\nthree ✓\n");
});

test("takes what there is of a cut frame and nothing of a cut header", () => {
  expect(outputText(frame("whole").subarray(0, 10))).toBe("wh");
  expect(outputText(Buffer.concat([frame("whole"), Buffer.alloc(5)]))).toBe("whole");
});

test("keeps only the end of a long output", () => {
  const text = outputText(Buffer.concat([frame("x".repeat(outputBytesMax)), frame("the end")]));
  expect(text).toHaveLength(outputBytesMax);
  expect(text.endsWith("the end")).toBe(true);
});
