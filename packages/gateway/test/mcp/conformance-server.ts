import { setTimeout as sleep } from "node:timers/promises";
import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  type CallToolResult,
  completable,
  createRequestStateCodec,
  fromJsonSchema,
  inputRequired,
  type InputRequiredResult,
  inputResponse,
  McpServer,
  ResourceTemplate,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { z } from "zod";

const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
const wav = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=";
const codec = createRequestStateCodec<{ round: string }>({ key: "k".repeat(32) });

const text = (value: string): CallToolResult => ({ content: [{ type: "text", text: value }] });
const empty = z.object({});
type Handler = (input: Record<string, unknown>, context: ServerContext) => Promise<CallToolResult | InputRequiredResult>;

/** What the public conformance suite asks a server to have, so that its scenarios can be run through our own mount. */
export function conformanceServer(): McpServer {
  const server = new McpServer(
    { name: "aito-conformance", version: "1" },
    {
      capabilities: { tools: {}, prompts: {}, resources: { subscribe: true }, logging: {}, completions: {} },
      requestState: { verify: codec.verify },
    },
  );
  server.server.setRequestHandler("resources/subscribe", async () => ({}));
  server.server.setRequestHandler("resources/unsubscribe", async () => ({}));
  const tool = (name: string, run: Handler, inputSchema: z.ZodObject = empty): void => {
    server.registerTool(name, { description: `The suite's ${name}`, inputSchema }, run as never);
  };
  contentTools(tool);
  askingTools(tool);
  roundTripTools(tool);
  server.registerTool(
    "json_schema_2020_12_tool",
    { description: "Tool with JSON Schema 2020-12 features", inputSchema: fromJsonSchema(richSchema) },
    async () => text("ok"),
  );
  resources(server);
  prompts(server);
  return server;
}

type Define = (name: string, run: Handler, inputSchema?: z.ZodObject) => void;

function contentTools(tool: Define): void {
  const image = { type: "image" as const, data: png, mimeType: "image/png" };
  tool("test_simple_text", async () => text("This is a simple text response for testing."));
  tool("test_image_content", async () => ({ content: [image] }));
  tool("test_audio_content", async () => ({ content: [{ type: "audio", data: wav, mimeType: "audio/wav" }] }));
  tool("test_embedded_resource", async () => ({
    content: [
      {
        type: "resource",
        resource: { uri: "test://embedded-resource", mimeType: "text/plain", text: "This is an embedded resource content." },
      },
    ],
  }));
  tool("test_multiple_content_types", async () => ({
    content: [
      { type: "text", text: "Multiple content types test:" },
      image,
      {
        type: "resource",
        resource: { uri: "test://mixed-content-resource", mimeType: "application/json", text: '{"test":"data","value":123}' },
      },
    ],
  }));
  tool("test_error_handling", async () => ({
    ...text("This tool intentionally returns an error for testing"),
    isError: true,
  }));
  tool("test_tool_with_logging", async (_, { mcpReq }) => {
    for (const line of ["Tool execution started", "Tool processing data", "Tool execution completed"]) {
      await mcpReq.log("info", line);
      await sleep(50);
    }
    return text("logged");
  });
  tool("test_logging_tool", async (_, { mcpReq }) => {
    await mcpReq.log("info", "logged");
    return text("logged");
  });
  tool("test_tool_with_progress", async (_, { mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken;
    for (const progress of [0, 50, 100]) {
      if (progressToken !== undefined) {
        await mcpReq.notify({ method: "notifications/progress", params: { progressToken, progress, total: 100 } });
      }
      await sleep(50);
    }
    return text("done");
  });
}

/** Requests of a server to its client while a call runs, as 2025-11-25 has them. */
function askingTools(tool: Define): void {
  const elicit = (name: string, properties: Record<string, unknown>, required?: string[]): void =>
    tool(
      name,
      async (input, { mcpReq }) => {
        const answer = await mcpReq.elicitInput({
          message: typeof input["message"] === "string" ? input["message"] : "Please answer",
          requestedSchema: { type: "object", properties, ...(required ? { required } : {}) } as never,
        });
        return text(`Elicitation completed: action=${answer.action}, content=${JSON.stringify(answer.content ?? {})}`);
      },
      z.object({ message: z.string().optional() }),
    );
  tool(
    "test_sampling",
    async ({ prompt }, { mcpReq }) => {
      const answer = await mcpReq.requestSampling({
        messages: [{ role: "user", content: { type: "text", text: String(prompt) } }],
        maxTokens: 100,
      });
      return text(`LLM response: ${JSON.stringify(answer.content)}`);
    },
    z.object({ prompt: z.string() }),
  );
  elicit("test_elicitation", { username: { type: "string" }, email: { type: "string" } }, ["username", "email"]);
  elicit("test_elicitation_sep1034_defaults", {
    name: { type: "string", default: "John Doe" },
    age: { type: "integer", default: 30 },
    score: { type: "number", default: 95.5 },
    status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
    verified: { type: "boolean", default: true },
  });
  const [plain, titled] = [
    ["option1", "option2", "option3"],
    ["First", "Second", "Third"],
  ];
  const named = titled.map((title, at) => ({ const: `value${at + 1}`, title: `${title} Option` }));
  elicit("test_elicitation_sep1330_enums", {
    untitledSingle: { type: "string", enum: plain },
    titledSingle: { type: "string", oneOf: named },
    legacyEnum: { type: "string", enum: ["opt1", "opt2", "opt3"], enumNames: ["Option One", "Option Two", "Option Three"] },
    untitledMulti: { type: "array", items: { type: "string", enum: plain } },
    titledMulti: { type: "array", items: { anyOf: named } },
  });
}

const asked = (message: string, field: string, schema: { type: "string" } | { type: "boolean" } = { type: "string" }) =>
  inputRequired.elicit({
    message,
    requestedSchema: { type: "object", properties: { [field]: schema }, required: [field] },
  });
const sampled = (question: string, maxTokens: number) =>
  inputRequired.createMessage({ messages: [{ role: "user", content: { type: "text", text: question } }], maxTokens });

/** A call that ends with a question and is asked again with the answer, as 2026-07-28 has it. */
function roundTripTools(tool: Define): void {
  const name = "test_input_required_result";
  const given = (context: ServerContext, key: string) => inputResponse(context.mcpReq.inputResponses, key).kind !== "missing";
  tool(`${name}_elicitation`, async (_, { mcpReq }) => {
    const answer = acceptedContent(mcpReq.inputResponses, "user_name", z.object({ name: z.string() }));
    if (answer) return text(`Hello, ${answer.name}!`);
    return inputRequired({ inputRequests: { user_name: asked("What is your name?", "name") } });
  });
  tool(`${name}_sampling`, async (_, context) =>
    given(context, "capital_question")
      ? text(JSON.stringify(context.mcpReq.inputResponses?.["capital_question"]))
      : inputRequired({ inputRequests: { capital_question: sampled("What is the capital of France?", 100) } }),
  );
  tool(`${name}_list_roots`, async (_, context) =>
    given(context, "client_roots")
      ? text(JSON.stringify(context.mcpReq.inputResponses?.["client_roots"]))
      : inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } }),
  );
  const confirmed: Handler = async (_, context) =>
    context.mcpReq.requestState<{ round: string }>()?.round === "confirm"
      ? text("state-ok")
      : inputRequired({
          inputRequests: { confirm: asked("Please confirm", "ok", { type: "boolean" }) },
          requestState: await codec.mint({ round: "confirm" }),
        });
  tool(`${name}_request_state`, confirmed);
  tool(`${name}_tampered_state`, confirmed);
  tool(`${name}_multiple_inputs`, async (_, context) =>
    ["user_name", "greeting", "client_roots"].every((key) => given(context, key))
      ? text("all three were given")
      : inputRequired({
          inputRequests: {
            user_name: asked("What is your name?", "name"),
            greeting: sampled("Generate a greeting", 50),
            client_roots: inputRequired.listRoots(),
          },
          requestState: await codec.mint({ round: "1" }),
        }),
  );
  tool(`${name}_multi_round`, async (_, context) => {
    const round = context.mcpReq.requestState<{ round: string }>()?.round;
    if (round === "2" && given(context, "step2")) return text("both were given");
    const [key, question, field, next] =
      round === "1" && given(context, "step1")
        ? (["step2", "Step 2: What is your favorite color?", "color", "2"] as const)
        : (["step1", "Step 1: What is your name?", "name", "1"] as const);
    return inputRequired({ inputRequests: { [key]: asked(question, field) }, requestState: await codec.mint({ round: next }) });
  });
  tool(`${name}_capabilities`, async (_, { mcpReq }) => {
    const envelope: Record<string, unknown> = { ...mcpReq.envelope };
    const can = envelope[CLIENT_CAPABILITIES_META_KEY] as Record<string, unknown> | undefined;
    return inputRequired({
      inputRequests: {
        ...(can?.["elicitation"] ? { user_name: asked("What is your name?", "name") } : {}),
        ...(can?.["sampling"] ? { greeting: sampled("Generate a greeting", 50) } : {}),
      },
      requestState: await codec.mint({ round: "1" }),
    });
  });
  // Asks for what the client has not said that it can do: the refusal is the SDK's.
  tool("test_missing_capability", async (_, context) =>
    given(context, "greeting") ? text("ok") : inputRequired({ inputRequests: { greeting: sampled("Generate a greeting", 50) } }),
  );
  tool("test_streaming_elicitation", async (_, { mcpReq }) => {
    await mcpReq.notify({ method: "notifications/message", params: { level: "info", data: "asking" } });
    return inputRequired({ inputRequests: { user_name: asked("What is your name?", "name") } });
  });
}

const richSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  $defs: {
    address: {
      $anchor: "addressDef",
      type: "object",
      properties: { street: { type: "string" }, city: { type: "string" } },
    },
  },
  properties: {
    name: { type: "string" },
    address: { $ref: "#/$defs/address" },
    contactMethod: { type: "string", enum: ["phone", "email"] },
    phone: { type: "string" },
    email: { type: "string" },
  },
  allOf: [{ anyOf: [{ required: ["phone"] }, { required: ["email"] }] }],
  if: { properties: { contactMethod: { const: "phone" } }, required: ["contactMethod"] },
  then: { required: ["phone"] },
  else: { required: ["email"] },
  additionalProperties: false,
};

function resources(server: McpServer): void {
  const described = (mimeType: string) => ({ description: "One of the suite's", mimeType });
  const uri = "test://static-text";
  server.registerResource("static-text", uri, described("text/plain"), async () => ({
    contents: [{ uri, mimeType: "text/plain", text: "This is the content of the static text resource." }],
  }));
  server.registerResource("static-binary", "test://static-binary", described("image/png"), async () => ({
    contents: [{ uri: "test://static-binary", mimeType: "image/png", blob: png }],
  }));
  server.registerResource("watched", "test://watched-resource", described("text/plain"), async () => ({
    contents: [{ uri: "test://watched-resource", mimeType: "text/plain", text: "watched" }],
  }));
  const template = new ResourceTemplate("test://template/{id}/data", { list: undefined });
  server.registerResource("template", template, described("application/json"), async (found, { id }) => ({
    contents: [
      {
        uri: found.href,
        mimeType: "application/json",
        text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${String(id)}` }),
      },
    ],
  }));
}

function prompts(server: McpServer): void {
  const said = (...content: object[]) => ({ messages: content.map((each) => ({ role: "user", content: each })) }) as never;
  server.registerPrompt("test_simple_prompt", { description: "No arguments" }, async () =>
    said({ type: "text", text: "This is a simple prompt for testing." }),
  );
  const argument = completable(z.string().describe("A test argument"), async (value) =>
    ["paris", "park", "party"].filter((each) => each.startsWith(value)),
  );
  server.registerPrompt(
    "test_prompt_with_arguments",
    { description: "Two arguments", argsSchema: z.object({ arg1: argument, arg2: z.string().describe("Another") }) },
    async ({ arg1, arg2 }) => said({ type: "text", text: `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'` }),
  );
  server.registerPrompt(
    "test_prompt_with_embedded_resource",
    { description: "A resource", argsSchema: z.object({ resourceUri: z.string() }) },
    async ({ resourceUri: uri }) =>
      said(
        { type: "resource", resource: { uri, mimeType: "text/plain", text: "Embedded resource content for testing." } },
        { type: "text", text: "Please process the embedded resource above." },
      ),
  );
  server.registerPrompt("test_prompt_with_image", { description: "An image" }, async () =>
    said({ type: "image", data: png, mimeType: "image/png" }, { type: "text", text: "Please analyze the image above." }),
  );
  server.registerPrompt("test_input_required_result_prompt", { description: "Asks first" }, async (context: ServerContext) => {
    const answer = acceptedContent(context.mcpReq.inputResponses, "user_context", z.object({ context: z.string() }));
    if (answer) return said({ type: "text", text: `In this context: ${answer.context}` });
    const question = asked("What context should the prompt use?", "context");
    return inputRequired({ inputRequests: { user_context: question } });
  });
}
