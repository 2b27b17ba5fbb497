import { expect, test } from "vitest";
import { chatRequest } from "./chat-request.ts";

const base = { model: "claude-haiku-4-5", max_tokens: 100, messages: [{ role: "user", content: "Hi" }] };

test("system, messages, limits and sampling are carried over; what only tunes quality is left out", () => {
  expect(
    chatRequest(
      {
        ...base,
        system: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }],
        temperature: 0.2,
        top_k: 5,
        thinking: { type: "enabled", budget_tokens: 50 },
        stop_sequences: ["END"],
        metadata: { user_id: "u1" },
        stream: true,
      },
      "llama",
    ),
  ).toEqual({
    model: "llama",
    max_tokens: 100,
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: "Hi" },
    ],
    temperature: 0.2,
    stop: ["END"],
    user: "u1",
    stream: true,
    stream_options: { include_usage: true },
  });
});

test("tools, calls and results: each result is a message of its own, before what is said beside it", () => {
  const translated = chatRequest(
    {
      ...base,
      tools: [
        { name: "read", description: "Reads.", input_schema: { type: "object", properties: { path: { type: "string" } } } },
      ],
      tool_choice: { type: "any", disable_parallel_tool_use: true },
      messages: [
        { role: "user", content: "Read x" },
        {
          role: "assistant",
          content: [
            { type: "thinking", thinking: "hm", signature: "s" },
            { type: "text", text: "Sure." },
            { type: "tool_use", id: "t1", name: "read", input: { path: "x" } },
          ],
        },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "t1", is_error: true, content: [{ type: "text", text: "no such file" }] },
            { type: "text", text: "and now?" },
          ],
        },
      ],
    },
    "llama",
  );
  expect(translated).toMatchObject({
    tools: [{ type: "function", function: { name: "read", description: "Reads.", parameters: { type: "object" } } }],
    tool_choice: "required",
    parallel_tool_calls: false,
    messages: [
      { role: "user", content: "Read x" },
      {
        role: "assistant",
        content: "Sure.",
        tool_calls: [{ id: "t1", type: "function", function: { name: "read", arguments: '{"path":"x"}' } }],
      },
      { role: "tool", tool_call_id: "t1", content: "Error: no such file" },
      { role: "user", content: [{ type: "text", text: "and now?" }] },
    ],
  });
});

test("pictures become data addresses, also those in a tool's result", () => {
  const picture = { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } };
  const { messages } = chatRequest(
    {
      ...base,
      messages: [{ role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: [picture] }, picture] }],
    },
    "llava",
  ) as { messages: unknown[] };
  const part = { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } };
  expect(messages).toEqual([
    { role: "tool", tool_call_id: "t", content: "" },
    { role: "user", content: [part, part] },
  ]);
});

test.each([
  ["a vendor's own tool", { ...base, tools: [{ type: "web_search_20250305", name: "web_search" }] }, "AITO_MODEL_UNTRANSLATABLE"],
  [
    "a document",
    { ...base, messages: [{ role: "user", content: [{ type: "document", source: {} }] }] },
    "AITO_MODEL_UNTRANSLATABLE",
  ],
  ["no token limit", { ...base, max_tokens: undefined }, "AITO_REQUEST_INVALID"],
  ["no messages", { ...base, messages: "hi" }, "AITO_REQUEST_INVALID"],
])("%s is refused with its reason", (_what, body, code) => {
  expect(() => chatRequest(body, "llama")).toThrowError(expect.objectContaining({ code }));
});
