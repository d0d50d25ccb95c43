import { piecesOf, type ScriptedAnswer, type ScriptedToolCall } from "./model-script.ts";

const argumentsText = (call: ScriptedToolCall): string =>
  typeof call.arguments === "string" ? call.arguments : JSON.stringify(call.arguments);

const usageOf = (answer: ScriptedAnswer) =>
  answer.usage === null ? undefined : (answer.usage ?? { promptTokens: 7, completionTokens: 5 });

const openaiUsage = (answer: ScriptedAnswer) => {
  const usage = usageOf(answer);
  return (
    usage && {
      prompt_tokens: usage.promptTokens,
      completion_tokens: usage.completionTokens,
      total_tokens: usage.promptTokens + usage.completionTokens,
      ...(usage.cachedTokens !== undefined && { prompt_tokens_details: { cached_tokens: usage.cachedTokens } }),
      ...(usage.reasoningTokens !== undefined && {
        completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
      }),
    }
  );
};

const openaiFinish = (answer: ScriptedAnswer) => answer.finish ?? (answer.toolCalls?.length ? "tool_calls" : "stop");

/** Lines of a streamed chat completion, without `[DONE]`. */
export const openaiChunks = (answer: ScriptedAnswer, id: string, model: string, includeUsage: boolean): string[] => {
  const head = { id, object: "chat.completion.chunk", created: 1_700_000_000, model };
  const usageKey = includeUsage ? { usage: null } : {};
  const chunk = (delta: object, finish: string | null = null) => ({
    ...head,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    ...usageKey,
  });
  const chunks: object[] = answer.withoutRole ? [] : [chunk({ role: "assistant", content: "" })];
  for (const text of piecesOf(answer.reasoning)) chunks.push(chunk({ reasoning_content: text }));
  for (const text of piecesOf(answer.text)) chunks.push(chunk({ content: text }));
  for (const [index, call] of (answer.toolCalls ?? []).entries()) {
    const text = argumentsText(call);
    const size = answer.toolFragmentSize;
    const start = { index, id: call.id ?? `call_${id}_${index}`, type: "function" };
    if (size === undefined) {
      chunks.push(chunk({ tool_calls: [{ ...start, function: { name: call.name, arguments: text } }] }));
      continue;
    }
    chunks.push(chunk({ tool_calls: [{ ...start, function: { name: call.name, arguments: "" } }] }));
    for (let at = 0; at < text.length; at += size) {
      chunks.push(chunk({ tool_calls: [{ index, function: { arguments: text.slice(at, at + size) } }] }));
    }
  }
  chunks.push(chunk({}, openaiFinish(answer)));
  const usage = openaiUsage(answer);
  if (includeUsage && usage) chunks.push({ ...head, choices: [], usage });
  return chunks.map((value) => JSON.stringify(value));
};

/** The same answer as one object. */
export const openaiCompletion = (answer: ScriptedAnswer, id: string, model: string) => {
  const text = piecesOf(answer.text).join("");
  const reasoning = piecesOf(answer.reasoning).join("");
  const calls = answer.toolCalls ?? [];
  return {
    id,
    object: "chat.completion",
    created: 1_700_000_000,
    model,
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: calls.length > 0 && text === "" ? null : text,
          refusal: null,
          ...(reasoning && { reasoning_content: reasoning }),
          ...(calls.length > 0 && {
            tool_calls: calls.map((call, index) => ({
              id: call.id ?? `call_${id}_${index}`,
              type: "function",
              function: { name: call.name, arguments: argumentsText(call) },
            })),
          }),
        },
        logprobs: null,
        finish_reason: openaiFinish(answer),
      },
    ],
    ...(openaiUsage(answer) && { usage: openaiUsage(answer) }),
  };
};

const ollamaCalls = (answer: ScriptedAnswer) =>
  (answer.toolCalls ?? []).map((call, index) => ({
    ...(call.id !== undefined && { id: call.id }),
    function: { index, name: call.name, arguments: call.arguments },
  }));

const ollamaEnd = (answer: ScriptedAnswer) => {
  const usage = usageOf(answer);
  return {
    done: true,
    done_reason: answer.finish ?? "stop",
    total_duration: 5_000_000,
    load_duration: 1_000_000,
    ...(usage && {
      prompt_eval_count: usage.promptTokens,
      prompt_eval_duration: 1_000_000,
      eval_count: usage.completionTokens,
      eval_duration: 3_000_000,
    }),
  };
};

const ollamaHead = (model: string) => ({ model, created_at: "2026-01-01T00:00:00Z" });

/** Lines of an Ollama chat stream, the `done` line included. */
export const ollamaLines = (answer: ScriptedAnswer, model: string): string[] => {
  const line = (message: object, rest: object = { done: false }) =>
    JSON.stringify({ ...ollamaHead(model), message: { role: "assistant", content: "", ...message }, ...rest });
  return [
    ...piecesOf(answer.reasoning).map((thinking) => line({ thinking })),
    ...piecesOf(answer.text).map((content) => line({ content })),
    ...ollamaCalls(answer).map((call) => line({ tool_calls: [call] })),
    line({}, ollamaEnd(answer)),
  ];
};

/** The same answer as one object. */
export const ollamaCompletion = (answer: ScriptedAnswer, model: string) => {
  const calls = ollamaCalls(answer);
  const thinking = piecesOf(answer.reasoning).join("");
  return {
    ...ollamaHead(model),
    message: {
      role: "assistant",
      content: piecesOf(answer.text).join(""),
      ...(thinking && { thinking }),
      ...(calls.length > 0 && { tool_calls: calls }),
    },
    ...ollamaEnd(answer),
  };
};
