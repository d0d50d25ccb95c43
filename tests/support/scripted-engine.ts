import { setTimeout as sleep } from "node:timers/promises";
import type { Timeline } from "../../atlas/timeline.ts";
import type { QueryEngine, QueryEvent, QueryInput, QueryResult } from "../../graphs/query-engine.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import type {
  ChatEvent,
  ChatRequest,
  FinishReason,
  ModelGateway,
  ModelInfo,
  ToolCall,
  Usage,
} from "../../platform/models/model-gateway.ts";
import { type ModelReply, piecesOf, type ScriptedAnswer } from "./model-script.ts";

/** What the scripted parts answer: a model's reply, or one of the things only an engine can say. */
export type EngineReply = (ModelReply & { readonly result?: Partial<QueryResult> }) | { readonly error: AppError };

export interface ScriptedEngine {
  readonly engine: QueryEngine;
  readonly models: ModelGateway;
  /** Queries and raw model calls that arrived, in order. */
  readonly queries: QueryInput[];
  readonly chats: ChatRequest[];
  /** Whether the latest query's signal aborted, and when (`performance.now()`). */
  readonly aborts: number[];
  enqueue(...replies: readonly EngineReply[]): void;
  /** Forgets what arrived and what was queued. */
  reset(): void;
}

const failureOf = (status: number, message = `Status ${status}`): AppError => {
  if (status === 404) return new AppError("MODEL_NOT_FOUND", message);
  if (status === 429) return new AppError("PROVIDER_OVERLOADED", message, { retryAfterSeconds: 3 });
  return new AppError(status >= 500 ? "PROVIDER_SERVER_ERROR" : "PROVIDER_REFUSED", message);
};

const usageOf = ({ usage }: ScriptedAnswer): Usage => ({
  ...(usage ?? { promptTokens: 12, completionTokens: 3 }),
  estimated: !usage,
});

const callsOf = ({ toolCalls = [] }: ScriptedAnswer): ToolCall[] =>
  toolCalls.map(({ id, name, arguments: given }, index) => ({
    id: id ?? `call_${index + 1}`,
    name,
    arguments: typeof given === "string" ? JSON.parse(given) : given,
  }));

const finishOf = (reply: ScriptedAnswer): FinishReason =>
  (reply.finish as FinishReason | undefined) ?? (reply.toolCalls?.length ? "tool_calls" : "stop");

const whenAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });

/**
 * An engine and a model gateway that say what they were told to say, in order, and refuse everything else. The engine keeps
 * its timeline as the true one does: the user's message before `accepted`, the answer at the end.
 */
export const createScriptedEngine = (
  timeline: Timeline,
  listed: readonly ModelInfo[] = [
    { id: "openai/stand-in", provider: "openai", local: true, capabilities: ["chat", "tools"] },
  ],
): ScriptedEngine => {
  const queue: EngineReply[] = [];
  const queries: QueryInput[] = [];
  const chats: ChatRequest[] = [];
  const aborts: number[] = [];

  const next = (): EngineReply => {
    const reply = queue.shift();
    if (reply === undefined) throw new Error("Nobody scripted this request.");
    return reply;
  };

  const play = async function* (reply: EngineReply, signal: AbortSignal): AsyncGenerator<ChatEvent> {
    signal.addEventListener("abort", () => void aborts.push(performance.now()), { once: true });
    if ("error" in reply) throw reply.error;
    if (reply.kind === "silence") return await whenAborted(signal);
    if (reply.delayMs) await sleep(reply.delayMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    if (reply.kind === "failure") throw failureOf(reply.status, reply.message);
    if (reply.kind === "bytes") throw failureOf(500);
    yield { type: "start", model: "stand-in" };
    if (reply.firstChunkDelayMs) await sleep(reply.firstChunkDelayMs);
    const events: ChatEvent[] = [
      ...piecesOf(reply.reasoning).map((text) => ({ type: "reasoning" as const, text })),
      ...piecesOf(reply.text).map((text) => ({ type: "text" as const, text })),
      ...callsOf(reply).map((call) => ({ type: "toolCall" as const, call })),
    ];
    for (const [index, event] of events.entries()) {
      signal.throwIfAborted();
      if (index === reply.errorAfterChunks) break;
      yield event;
      if (reply.chunkDelayMs) await sleep(reply.chunkDelayMs);
    }
    signal.throwIfAborted();
    if (reply.errorAfterChunks !== undefined || reply.cut) {
      throw new AppError("PROVIDER_SERVER_ERROR", "The model went away.", { retryable: false });
    }
    yield { type: "finish", reason: finishOf(reply), usage: usageOf(reply) };
  };

  const run = async (
    input: QueryInput,
    onEvent: (event: QueryEvent) => void | Promise<void> = () => {},
  ): Promise<QueryResult> => {
    queries.push(input);
    const reply = next();
    const { principal, mode } = input;
    const lastAnswer = input.messages.findLastIndex(({ role }) => role === "assistant");
    const fresh = input.messages.slice(lastAnswer + 1).map(({ role, content }) => ({
      role: role === "user" ? ("user" as const) : ("tool" as const),
      author: principal.id,
      content: typeof content === "string" ? content : JSON.stringify(content),
      meta: input.meta ?? {},
    }));
    const opened = await timeline.open({
      principal,
      mode,
      messages: fresh,
      ...(input.threadId === undefined ? {} : { threadId: input.threadId }),
    });
    const { thread } = opened;
    const message = opened.messages.at(-1);
    if (message === undefined)
      throw new AppError("INVALID_INPUT", "There is nothing to answer.", { field: "messages" });
    const place = { threadId: thread.id, messageId: message.id, position: message.position };
    await onEvent({ type: "accepted", ...place });
    let answer = "";
    let reasoning = "";
    const toolCalls: ToolCall[] = [];
    let end: Extract<ChatEvent, { type: "finish" }> | undefined;
    for await (const event of play(reply, input.signal)) {
      if (event.type === "finish") end = event;
      else if (event.type !== "start") await onEvent(event);
      if (event.type === "text") answer += event.text;
      if (event.type === "reasoning") reasoning += event.text;
      if (event.type === "toolCall") toolCalls.push(event.call);
    }
    const result: QueryResult = {
      ...place,
      answer,
      ...(reasoning === "" ? {} : { reasoning }),
      toolCalls,
      finishReason: end!.reason,
      intents: [{ name: "chat", confidence: 0.9, tier: "pattern" }],
      evidence: [],
      degraded: [],
      egress: mode === "open" ? "full" : "local-only",
      validation: { ok: true, violations: [] },
      usage: end!.usage,
      timings: { total: 1.5 },
      model: "openai/stand-in",
      refused: false,
      ...("result" in reply ? reply.result : {}),
    };
    await timeline.close({
      thread,
      messages: [{ role: "assistant", author: "athena", content: result.answer }],
      log: {
        id: input.requestId,
        threadId: thread.id,
        principal: principal.id,
        surface: input.surface,
        agent: "athena",
        mode,
        egress: result.egress,
        intents: result.intents,
        calls: [],
        tokensIn: 0,
        tokensOut: 0,
        responseMs: 1,
        validation: result.validation,
        degraded: result.degraded,
        receipt: [{ destination: "openai", kind: "model", content: "sentence", decision: "sent", rule: "open" }],
      },
    });
    return result;
  };

  const models: ModelGateway = {
    configured: true,
    answerModel: "openai/stand-in",
    answerModelLocal: true,
    async *stream(request) {
      chats.push(request);
      yield* play(next(), request.signal);
    },
    async embed({ inputs, dimensions = 8 }) {
      const vectors = inputs.map((text) => {
        const values = Float32Array.from({ length: dimensions }, (_, index) => (text.charCodeAt(index) || 1) / 97);
        const norm = Math.hypot(...values);
        return values.map((value) => value / norm);
      });
      return { vectors, usage: { promptTokens: inputs.length * 2, completionTokens: 0, estimated: true } };
    },
    models: async () => listed,
    states: async () => [{ name: "openai", url: "http://127.0.0.1:1/v1", local: true, state: "up", latencyMs: 1 }],
    close: async () => {},
  };

  return {
    engine: { run },
    models,
    queries,
    chats,
    aborts,
    enqueue: (...replies) => void queue.push(...replies),
    reset() {
      for (const list of [queue, queries, chats, aborts]) list.length = 0;
    },
  };
};
