import { z } from "zod";

const JsonObject = z.record(z.string(), z.unknown());

/** Parts are looked at closely when they are mapped: clients send more kinds and forms than the documentation knows. */
const Content = z
  .union([z.string(), z.array(z.looseObject({ type: z.string() })), JsonObject])
  .nullish()
  .describe("A string, or parts (`text`, `image_url`); a JSON object only in tool results.");

const CalledFunction = z.object({ name: z.string().min(1), arguments: z.union([z.string(), JsonObject]).nullish() });

const Message = z.object({
  role: z.enum(["system", "developer", "user", "assistant", "tool", "function"]),
  content: Content,
  name: z.string().nullish(),
  tool_calls: z.array(z.looseObject({ id: z.string().nullish(), function: CalledFunction.nullish() })).nullish(),
  function_call: CalledFunction.nullish(),
  tool_call_id: z.string().nullish(),
});

const DeclaredFunction = z.object({
  name: z.string().min(1),
  description: z.string().nullish(),
  parameters: JsonObject.nullish(),
  strict: z.boolean().nullish(),
});

const ToolChoice = z.union([
  z.enum(["none", "auto", "required"]),
  z.looseObject({ type: z.literal("function"), function: z.object({ name: z.string().min(1) }) }),
  z.looseObject({
    type: z.literal("allowed_tools"),
    allowed_tools: z.object({
      mode: z.enum(["auto", "required"]).default("auto"),
      tools: z.array(z.looseObject({ function: z.object({ name: z.string() }).optional() })),
    }),
  }),
]);

const ResponseFormat = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text") }),
  z.object({ type: z.literal("json_object") }),
  z.object({
    type: z.literal("json_schema"),
    json_schema: z.object({
      name: z.string().default("response"),
      schema: JsonObject.nullish(),
      strict: z.boolean().nullish(),
    }),
  }),
]);

/** `POST /v1/chat/completions`: what is read of the body. Unknown fields are ignored, `null` equals absent. */
export const ChatCompletionRequest = z
  .object({
    model: z.string().min(1),
    messages: z.array(Message).min(1),
    stream: z.boolean().nullish(),
    stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
    n: z.int().min(1).nullish(),
    temperature: z.number().nullish(),
    top_p: z.number().nullish(),
    presence_penalty: z.number().nullish(),
    frequency_penalty: z.number().nullish(),
    max_completion_tokens: z.int().min(1).nullish(),
    max_tokens: z.int().min(1).nullish(),
    stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
    seed: z.int().nullish(),
    tools: z
      .array(z.looseObject({ type: z.string(), function: DeclaredFunction.nullish() }))
      .max(512)
      .nullish(),
    tool_choice: ToolChoice.nullish(),
    parallel_tool_calls: z.boolean().nullish(),
    functions: z.array(DeclaredFunction).max(512).nullish(),
    function_call: z.union([z.enum(["none", "auto"]), z.object({ name: z.string().min(1) })]).nullish(),
    response_format: ResponseFormat.nullish(),
    user: z.unknown().optional(),
    metadata: JsonObject.nullish().describe("Also `thread_id`, `mode`, `consent`, `scope`, `locale`, `timezone`."),
  })
  .meta({ id: "ChatCompletionRequest" });
export type ChatCompletionRequest = z.infer<typeof ChatCompletionRequest>;
