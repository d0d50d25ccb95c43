import { randomUUID } from "node:crypto";
import type { ChatMessage, ToolCall } from "../platform/models/model-gateway.ts";
import { createClientHomes } from "./home-client/client-home.ts";
import { createHomeDialogue, type HomeOutcome, type ReadHome } from "./home-client/home-dialogue.ts";
import type { Draft, QueryInput, QueryRuntime, StepResult } from "./query.ts";
import type { IntentPart } from "./understanding/understood-query.ts";
import type { Say } from "./wording.ts";

export interface CommandHomeDeps {
  readonly parser: ReadHome;
  readonly say: Say;
  readonly hasModel: () => boolean;
}

interface Reads {
  readonly query: QueryInput;
  readonly history: readonly ChatMessage[];
  readonly locale: string;
  readonly parts: readonly IntentPart[];
}

interface Writes {
  draft?: Draft;
  results?: StepResult[];
  locale?: string;
  timings?: Record<string, number>;
}

/**
 * Serves a client that brings the tools of a home: a command becomes calls of these tools, a result becomes a short
 * confirmation, both without a model. Without such tools, and for everything else, it does nothing.
 *
 * Writes a finished `draft` when the whole query is about the home or the client has to act first; else only the results of
 * the parts that are, and the rest of the graph answers the others.
 */
export const createCommandHome = (deps: CommandHomeDeps | undefined) => {
  const decide = deps && createHomeDialogue({ ...deps, homes: createClientHomes() });
  return async function commandHome({ query, history, locale, parts }: Reads, runtime: QueryRuntime): Promise<Writes> {
    const { clientTools = [], toolChoice, parallelToolCalls, responseFormat } = query;
    if (!decide || clientTools.length === 0 || (responseFormat !== undefined && responseFormat.type !== "text"))
      return {};
    const started = performance.now();
    const decision = decide({ messages: history, tools: clientTools, toolChoice, parallelToolCalls, parts, locale });
    if (!decision) return { timings: { home: performance.now() - started } };
    const timings = { home: performance.now() - started };
    if (decision.kind === "calls") {
      const calls = decision.calls.map((call) => ({ id: `call_${randomUUID().replaceAll("-", "")}`, ...call }));
      for (const call of calls) await runtime.context?.emit?.({ type: "toolCall", call });
      return { draft: draftOf("", calls, runtime), locale: decision.locale, timings };
    }
    const results = resultsOf(decision.outcomes, runtime);
    if (decision.others.length > 0) return { results, locale: decision.locale, timings };
    const text = decision.outcomes
      .map((outcome) => outcome.text)
      .filter(Boolean)
      .join(" ");
    await runtime.context?.emit?.({ type: "text", text });
    return { draft: draftOf(text, [], runtime), results, locale: decision.locale, timings };
  };
};

const draftOf = (text: string, toolCalls: readonly ToolCall[], { context }: QueryRuntime): Draft => ({
  text,
  composer: "facts",
  model: undefined,
  reasoning: "",
  toolCalls,
  finishReason: toolCalls.length > 0 ? "tool_calls" : "stop",
  usage: { promptTokens: 0, completionTokens: 0, estimated: false },
  broken: [],
  released: context?.emit !== undefined,
  refused: false,
  firstTokenMs: context ? performance.now() - context.startedAt : undefined,
});

const resultsOf = (outcomes: readonly HomeOutcome[], { context }: QueryRuntime): StepResult[] =>
  outcomes
    .filter(({ intent }) => intent !== "ask" && intent !== "HassNevermind")
    .map(({ part, intent, text, status }, index) => ({
      step: { id: `home${index + 1}`, kind: "tool", target: intent, args: {}, dependsOn: [], part },
      status,
      text,
      ...(status === "failed" ? { reason: text } : {}),
      evidence:
        status === "ok"
          ? [
              {
                service: "home",
                title: intent,
                text,
                data: {},
                sourceName: "Home Assistant",
                observedAt: (context?.now ?? new Date()).toISOString(),
                score: 1,
              },
            ]
          : [],
      degraded: [],
      ms: 0,
    }));
