import type { IntentRow } from "../platform/config/registry.ts";
import type { EgressPermit } from "../platform/egress/egress.ts";
import { AppError, isAppError } from "../platform/errors/app-error.ts";
import type { Degraded, Evidence } from "../platform/evidence/evidence.ts";
import { estimateUsage } from "../platform/models/estimate-usage.ts";
import type { ChatMessage, ModelGateway, ToolCall, Usage } from "../platform/models/model-gateway.ts";
import { buildMessages } from "./answer/build-messages.ts";
import { createReleaseGate } from "./answer/release-gate.ts";
import { renderFacts, renderGaps } from "./answer/render-facts.ts";
import { textOf } from "./conversation.ts";
import { numberEvidence } from "./gather.ts";
import type { Draft, QueryInput, QueryRuntime, StepResult } from "./query.ts";
import type { IntentPart } from "./understanding/understood-query.ts";
import { actionsOf } from "./validation/actions-of.ts";
import { createGround } from "./validation/ground.ts";
import { groundOf } from "./validation/grounded-numbers.ts";
import type { RuleSet, Violation } from "./validation/rules.ts";
import type { Say } from "./wording.ts";

export interface ComposeDeps {
  readonly models: Pick<ModelGateway, "configured" | "answerModel" | "stream">;
  readonly intents: () => readonly IntentRow[];
  readonly rules: (intents: readonly string[]) => RuleSet;
  readonly composer: "auto" | "facts" | "model";
  readonly say: Say;
}

interface Given {
  readonly query: QueryInput;
  readonly text: string;
  readonly history: readonly ChatMessage[];
  readonly permit?: EgressPermit | undefined;
  readonly locale: string;
  readonly timezone: string;
  readonly parts: readonly IntentPart[];
  readonly results: readonly StepResult[];
  readonly degraded: readonly Degraded[];
  readonly attempts: number;
  readonly violations: readonly string[];
  readonly draft?: Draft | undefined;
}

type Reads = Given & { readonly evidence: readonly Evidence[] };

interface Writes {
  draft: Draft;
  /** What the answer stands on, numbered in the plan's order. */
  evidence: Evidence[];
  attempts: number;
  violations: string[];
  degraded?: Degraded[];
  timings: Record<string, number>;
}

const noUsage: Usage = { promptTokens: 0, completionTokens: 0, estimated: false };

const toLine = ({ rule, detail }: Violation): string => `${rule}: ${detail}`;

const addUsage = (before: Usage | undefined, now: Usage): Usage =>
  before === undefined
    ? now
    : {
        ...now,
        promptTokens: before.promptTokens + now.promptTokens,
        completionTokens: before.completionTokens + now.completionTokens,
        estimated: before.estimated || now.estimated,
      };

/** Attempts of the model before the rendering takes over: the first, and one retry with the violations named. */
export const modelAttempts = 2;

/**
 * Makes the answer: by templates from evidence, or by the model, released sentence by sentence as each passes its check.
 * When no model answers, the templates do and `degraded` names the model.
 *
 * @throws {AppError} PROVIDER_… when a model breaks off after something was shown (nothing sent is taken back);
 * NOT_CONFIGURED when the client asked for what only a model can give; the signal's reason when nobody waits any more.
 */
export const createCompose = (deps: ComposeDeps) => {
  const { models, intents, say } = deps;
  return async function compose(given: Given, runtime: QueryRuntime): Promise<Writes> {
    const started = performance.now();
    const evidence = numberEvidence(given.results);
    const state: Reads = { ...given, evidence };
    const done = (writes: Omit<Writes, "attempts" | "timings" | "evidence">): Writes => ({
      ...writes,
      evidence,
      attempts: state.attempts + 1,
      timings: {
        compose: performance.now() - started,
        ...(writes.draft.firstTokenMs === undefined ? {} : { first_token: writes.draft.firstTokenMs }),
      },
    });
    if (!wantsModel(state, deps) || state.attempts >= modelAttempts) {
      refuseProse(state);
      return done({ draft: await composeFacts(state, runtime, deps), violations: [] });
    }
    try {
      return done(await composeWithModel(state, runtime, deps));
    } catch (error) {
      const signal = runtime.context?.signal;
      if (signal?.aborted || !isAppError(error) || error instanceof AfterRelease)
        throw error instanceof AfterRelease ? error.cause : error;
      // A request that only a model can serve has no poorer answer: its caller gets the reason.
      if (needsModel(state.query) || error.code === "CONTEXT_TOO_LONG" || error.code === "INVALID_INPUT") throw error;
      const reason =
        error.code === "EGRESS_BLOCKED" ? say("model.blocked", state.locale) : say("model.down", state.locale);
      return done({
        draft: await composeFacts(state, runtime, deps),
        violations: [],
        degraded: [{ part: "model", reason }],
      });
    }
  };

  function wantsModel(state: Reads, { composer }: ComposeDeps): boolean {
    if (!models.configured || state.permit?.class === "blocked") return false;
    if (composer !== "auto") return composer === "model";
    if (needsModel(state.query) || state.query.messages.some((message) => message.role === "tool")) return true;
    const rows = intents();
    return (
      state.parts.length === 0 ||
      !state.parts.every((part) => rows.find((row) => row.id === part.name)?.compose === "facts")
    );
  }
};

class AfterRelease extends Error {}

/** Whether templates could not serve this request: it brings tools, or wants JSON of its own shape. */
const needsModel = (query: QueryInput): boolean => (query.clientTools?.length ?? 0) > 0 || wantsJson(query);

const wantsJson = (query: QueryInput): boolean =>
  query.responseFormat !== undefined && query.responseFormat.type !== "text";

/** Prose is no answer to a request for JSON. A refusal for privacy is said all the same. */
const refuseProse = ({ query, permit, attempts }: Reads): void => {
  if (!wantsJson(query) || permit?.class === "blocked") return;
  const field = "response_format";
  throw attempts > 0
    ? new AppError("GUARDRAIL_VIOLATION", "The model gave no JSON that may be shown.", { field })
    : new AppError("NOT_CONFIGURED", "Only a model answers in JSON: set OPENAI_BASE_URL or OLLAMA_BASE_URL.", {
        field,
      });
};

const composeFacts = async (
  state: Reads,
  runtime: QueryRuntime,
  { models, intents, say }: ComposeDeps,
): Promise<Draft> => {
  const rendered = renderFacts(
    {
      parts: state.parts,
      results: state.results,
      missing: state.degraded,
      locale: state.locale,
      hasModel: models.configured,
    },
    intents(),
    say,
  );
  const refused = state.permit?.class === "blocked" && !rendered.some((part) => part.answered);
  const text = refused
    ? [say("refused", state.locale), ...rendered.map((part) => part.text)].join("\n")
    : rendered.map((part) => part.text).join("\n");
  await runtime.context?.emit?.({ type: "text", text });
  return {
    text,
    composer: "facts",
    model: undefined,
    reasoning: "",
    toolCalls: [],
    finishReason: "stop",
    usage: state.draft?.usage ?? noUsage,
    broken: [],
    released: runtime.context?.emit !== undefined,
    refused,
    firstTokenMs: runtime.context ? performance.now() - runtime.context.startedAt : undefined,
  };
};

const composeWithModel = async (
  state: Reads,
  runtime: QueryRuntime,
  deps: ComposeDeps,
): Promise<Omit<Writes, "attempts" | "timings" | "evidence">> => {
  const { models, say, rules } = deps;
  const { query, permit, locale, timezone } = state;
  const context = runtime.context;
  const model = query.model ?? models.answerModel ?? "";
  const ruleSet = rules(state.parts.map((part) => part.name));
  const ground = createGround({
    texts: state.history.map(textOf),
    evidence: state.evidence,
    actions: actionsOf(state.history, state.results),
    locale,
    timezone,
    now: context?.now ?? new Date(),
  });
  // JSON is only worth something whole, so it is judged and shown whole.
  const live = wantsJson(query) ? undefined : context?.emit;
  const gate = createReleaseGate({
    check: (sentence) => ruleSet.sentence(sentence, ground),
    show: live ? (text) => live({ type: "text", text }) : undefined,
    maxLength: ruleSet.maxLength,
  });
  const calls: ToolCall[] = [];
  let reasoning = "";
  let answered = 0;
  let usage: Usage | undefined;
  let finishReason: Draft["finishReason"] = "stop";
  let used = model;
  let firstTokenMs: number | undefined;
  let stopped: Violation | undefined;
  const messages = buildMessages(
    {
      history: state.history,
      evidence: state.evidence,
      locale,
      timezone,
      now: context?.now ?? new Date(),
      violations: state.violations,
    },
    say,
  );
  try {
    if (!permit) throw new Error("no permit");
    context?.signal.throwIfAborted();
    for await (const event of models.stream({
      model,
      messages,
      ...(query.clientTools && query.clientTools.length > 0 ? { tools: query.clientTools } : {}),
      ...(query.toolChoice === undefined ? {} : { toolChoice: query.toolChoice }),
      ...(query.parallelToolCalls === undefined ? {} : { parallelToolCalls: query.parallelToolCalls }),
      ...(query.responseFormat === undefined ? {} : { responseFormat: query.responseFormat }),
      ...query.sampling,
      permit,
      signal: context?.signal ?? query.signal,
      deadlineAt: context?.deadlineAt ?? performance.now() + 120_000,
    })) {
      if (event.type === "start") used = event.model;
      else if (event.type === "finish") {
        usage = event.usage;
        finishReason = event.reason;
      } else {
        firstTokenMs ??= context ? performance.now() - context.startedAt : 0;
        if (event.type === "toolCall") {
          calls.push(event.call);
        } else if (event.type === "reasoning") {
          reasoning += event.text;
          answered += event.text.length;
          await context?.emit?.(event);
        } else {
          answered += event.text.length;
          stopped = await gate.push(event.text);
          if (stopped) break;
        }
      }
    }
    stopped ??= await gate.end();
  } catch (error) {
    if (gate.shown && !context?.signal.aborted) throw new AfterRelease("broke off", { cause: error });
    throw error;
  }

  const draft = {
    composer: "model" as const,
    model: used,
    reasoning,
    // A model that was stopped counted nothing; an attempt before this one was paid for as well.
    usage: addUsage(state.draft?.usage, usage ?? estimateUsage(messages, answered)),
    refused: false,
    firstTokenMs,
  };
  if (stopped && !gate.shown) {
    return {
      draft: {
        ...draft,
        text: gate.text,
        toolCalls: [],
        finishReason: "stop",
        broken: [stopped.rule],
        released: false,
      },
      violations: [stopped].map(toLine),
    };
  }
  // Nothing sent is taken back: the sentence is dropped and templates say what is still unanswered.
  const rest = stopped ? unansweredText(state, gate.text, deps) : renderGaps(state.results, state.degraded);
  const tail =
    rest === "" || calls.length > 0 || wantsJson(query)
      ? ""
      : `${gate.text === "" || gate.text.endsWith("\n") ? "" : "\n\n"}${rest}`;
  if (tail !== "") await live?.({ type: "text", text: tail });
  for (const call of stopped ? [] : calls) await context?.emit?.({ type: "toolCall", call });
  return {
    draft: {
      ...draft,
      text: gate.text + tail,
      toolCalls: stopped ? [] : calls,
      finishReason: stopped ? "stop" : calls.length > 0 ? "tool_calls" : finishReason,
      broken: [],
      released: gate.shown || tail !== "" || calls.length > 0,
    },
    violations: [...new Set([...gate.warnings, ...(stopped ? [stopped] : [])].map(toLine))],
  };
};

/** The renderings of those parts whose figures the released text has not given yet. */
const unansweredText = (state: Reads, released: string, { models, intents, say }: ComposeDeps): string => {
  const given = groundOf([released], []);
  return renderFacts(
    {
      parts: state.parts,
      results: state.results,
      missing: state.degraded,
      locale: state.locale,
      hasModel: models.configured,
    },
    intents(),
    say,
  )
    .filter((part) => !part.answered || given.unsupported(part.text) !== undefined)
    .map((part) => part.text)
    .join("\n");
};
