import type { IntentRow } from "../../platform/config/registry.ts";
import { AppError, isAppError } from "../../platform/errors/app-error.ts";
import type { Degraded } from "../../platform/evidence/evidence.ts";
import type { ChatMessage, ToolCall, ToolChoice, ToolDeclaration, Usage } from "../../platform/models/model-gateway.ts";
import { textOf } from "../conversation.ts";
import { numberEvidence } from "../gather.ts";
import type { Draft, QueryRuntime, StepResult } from "../query.ts";
import { createScreen, type Screen } from "../untrusted/create-screen.ts";
import { actionsOf } from "../validation/actions-of.ts";
import { createGround } from "../validation/ground.ts";
import type { Violation } from "../validation/rules.ts";
import { type AnswerDeps, type AnswerState, type AnswerWork, wantsJson } from "./answer-state.ts";
import { unansweredText } from "./answer-with-facts.ts";
import { buildMessages, toItem } from "./build-messages.ts";
import { createDataBlock, type DataBlock } from "./data-block.ts";
import { addUsage, type Round, runRound } from "./model-round.ts";
import { createNeutraliseLinks } from "./neutralise-links.ts";
import { declarationsOf, type OfferedTools, offerTools } from "./own-tools.ts";
import { createReleaseGate, type ReleaseGate } from "./release-gate.ts";
import { renderGaps } from "./render-facts.ts";
import { runOwnCalls } from "./run-own-calls.ts";
import { sortCalls } from "./sort-calls.ts";
import { turnTrustOf } from "./turn-trust.ts";

/** The model broke off after something was shown; the reason is its cause. */
export class AfterRelease extends Error {}

export interface ModelAnswer {
  readonly draft: Draft;
  readonly violations: string[];
}

const toLine = ({ rule, detail }: Violation): string => `${rule}: ${detail}`;
const noTools: OfferedTools = new Map();
const noUsage: Usage = { promptTokens: 0, completionTokens: 0, estimated: false };

/** Makes the model's side of `compose`; remembers which models take no tools. */
export const createAnswerWithModel = (deps: AnswerDeps) => {
  const { models, say, rules, ownTools, intents } = deps;
  /** Models that refused a request because of our tools. */
  const toolless = new Set<string>();

  /** Ours, where the query leaves room for them: it is talk, or the client works with tools itself. */
  const toolsFor = (state: AnswerState, model: string): OfferedTools => {
    const { query, permit, parts } = state;
    const { clientTools = [], toolChoice = "auto" } = query;
    if (!ownTools || ownTools.maxRounds < 1 || toolless.has(model) || toolChoice !== "auto" || wantsJson(query))
      return noTools;
    if (!state.thread || !permit || permit.class === "blocked" || permit.class === "generalised") return noTools;
    const rows = intents();
    const isTalk = parts.every((part) => (rows.find((row) => row.id === part.name)?.kind ?? "chat") === "chat");
    return clientTools.length > 0 || isTalk ? offerTools(ownTools.list(), query.principal, clientTools) : noTools;
  };

  /**
   * The answer by the model, released sentence by sentence as each passes its check. Calls of our own tools run here, in a
   * bounded loop; the client's end the turn and go back. What the rounds did is in `work`, also when a later one fails.
   *
   * @throws {AfterRelease} when the model breaks off after something was shown; {AppError} before that.
   */
  return async function answerWithModel(
    state: AnswerState,
    runtime: QueryRuntime,
    work: AnswerWork,
  ): Promise<ModelAnswer> {
    const { query, permit, locale, timezone } = state;
    const { clientTools = [], toolChoice } = query;
    const context = runtime.context;
    const now = context?.now ?? new Date();
    const signal = context?.signal ?? query.signal;
    const model = query.model ?? models.answerModel ?? "";
    // JSON is only worth something whole, so it is judged and shown whole.
    const live = wantsJson(query) ? undefined : context?.emit;
    const block = createDataBlock();
    let offered = toolsFor(state, model);
    const screen = createScreen({
      question: state.text,
      toolNames: [...clientTools.map(({ name }) => name), ...offered.keys()],
    });
    const history = screenHistory(state.history, screen);
    const gates: ReleaseGate[] = [];
    const notes: Degraded[] = [];
    const emitted: ToolCall[] = [];
    let usage: Usage = state.draft?.usage ?? noUsage;
    let reasoning = "";
    let firstTokenMs: number | undefined;
    let round!: Round;
    let joint = "";
    const text = () => gates.map((each) => each.text).join("");
    const shown = () => gates.some((each) => each.shown);

    for (let turn = 0; ; turn += 1) {
      const results = [...state.results, ...work.results];
      const evidence = screenEvidence(results, screen);
      const planned = evidence.length - results.flatMap(({ step, evidence: own }) => (step.callId ? own : [])).length;
      const trust = turnTrustOf(state.history, results);
      const ruleSet = rules(intentsOf(state, results, intents()));
      const isLast = offered.size > 0 && turn >= (ownTools?.maxRounds ?? 0);
      const ground = createGround({
        texts: history.map(textOf),
        evidence,
        actions: actionsOf(state.history, results),
        locale,
        timezone,
        now,
      });
      const neutralise = createNeutraliseLinks(trust.trusted, trust.untrusted, evidence);
      joint = text() === "" || text().endsWith("\n") ? "" : "\n\n";
      let isFirst = true;
      const gate = createReleaseGate({
        check: (sentence) => ruleSet.sentence(sentence, ground),
        show: live ? (piece) => live({ type: "text", text: piece }) : undefined,
        maxLength: ruleSet.maxLength - text().length,
        dress: (sentence) => {
          const lead = isFirst && sentence.trim() !== "" ? joint : "";
          isFirst &&= lead === "" && sentence.trim() === "";
          return lead + (wantsJson(query) ? sentence : neutralise(sentence));
        },
      });
      gates.push(gate);
      const tools = [...clientTools, ...declarationsOf(offered)];
      const messages = buildMessages(
        {
          history,
          evidence: evidence.slice(0, planned),
          transcript: [...screenHistory(state.transcript, screen), ...work.transcript],
          hasTools: tools.length > 0,
          block,
          locale,
          timezone,
          now,
          violations: state.violations,
        },
        say,
      );
      const ask = (given: readonly ToolDeclaration[], choice: ToolChoice | undefined) => {
        if (!permit) throw new AppError("INTERNAL", "There is no permit for the model.");
        signal.throwIfAborted();
        return runRound({
          models,
          messages,
          gate,
          context,
          request: {
            model,
            ...(given.length > 0 ? { tools: given } : {}),
            ...(choice === undefined ? {} : { toolChoice: choice }),
            ...(query.parallelToolCalls === undefined ? {} : { parallelToolCalls: query.parallelToolCalls }),
            ...(query.responseFormat === undefined ? {} : { responseFormat: query.responseFormat }),
            ...query.sampling,
            permit,
            signal,
            deadlineAt: context?.deadlineAt ?? performance.now() + 120_000,
          },
        });
      };
      // A call that was demanded once is not demanded again after it was refused.
      const choice = turn > 0 && toolChoice !== "none" ? undefined : toolChoice;
      try {
        if (isLast && clientTools.length === 0) round = await ask(tools, "none");
        else if (isLast) round = await ask(clientTools, choice);
        else
          round = await ask(tools, choice).catch((error: unknown) => {
            // Some local models take no tools at all; without ours they answer as before.
            if (turn > 0 || offered.size === 0 || clientTools.length > 0 || !isRefusal(error)) throw error;
            offered = noTools;
            return ask([], choice).then((answered) => {
              toolless.add(model);
              return answered;
            });
          });
      } catch (error) {
        if (shown() && !context?.signal.aborted) throw new AfterRelease("broke off", { cause: error });
        throw error;
      }
      usage = addUsage(usage, round.usage);
      reasoning += round.reasoning;
      firstTokenMs ??= round.firstTokenMs;
      if (round.stopped || round.calls.length === 0 || toolChoice === "none") break;

      const made = results.filter(({ step }) => step.callId !== undefined).length;
      const sorted = sortCalls({
        calls: round.calls,
        offered: isLast ? noTools : offered,
        query,
        trust,
        callsLeft: (ownTools?.maxCalls ?? 0) - made,
      });
      for (const { call, refusal } of sorted.refused)
        if (refusal && refusal !== "question" && !notes.some(({ part }) => part === call.name))
          notes.push({ part: call.name, reason: say("tools.refused", locale) });
      const own = await runOwnCalls(sorted.own, state, runtime, ownTools, made);
      work.results.push(...own.map(({ result }) => result));
      work.transcript.push(
        { role: "assistant", content: gate.text.trim(), toolCalls: round.calls },
        ...toolMessages(round.calls, own, sorted.refused, [...state.results, ...work.results], screen, block),
      );
      emitted.push(...sorted.client);
      if (emitted.length > 0 || isLast) break;
      if (own.length === 0 && turn >= maxRefusedRounds) break;
    }

    notes.push(...withheldNotes(screen, locale, deps));
    const stopped = round.stopped;
    const base = {
      composer: "model" as const,
      model: round.model,
      reasoning,
      usage,
      refused: false,
      firstTokenMs,
      notes,
    };
    if (stopped && !shown()) {
      return {
        draft: {
          ...base,
          text: text(),
          toolCalls: [],
          finishReason: "stop",
          broken: [stopped.rule],
          released: false,
        },
        violations: [stopped].map(toLine),
      };
    }
    const planResults = state.results.filter(({ step }) => step.callId === undefined);
    // Nothing sent is taken back: the sentence is dropped and templates say what is still unanswered.
    const rest = stopped ? unansweredText(state, text(), now, deps) : renderGaps(planResults, state.degraded);
    const unfinished =
      text().trim() === "" && emitted.length === 0 && round.calls.length > 0 ? say("tools.limit", locale) : "";
    const added = [unfinished, rest].filter(Boolean).join("\n");
    const tail =
      added === "" || emitted.length > 0 || wantsJson(query)
        ? ""
        : `${text() === "" || text().endsWith("\n") ? "" : "\n\n"}${added}`;
    if (tail !== "") await live?.({ type: "text", text: tail });
    for (const call of stopped ? [] : emitted) await context?.emit?.({ type: "toolCall", call });
    return {
      draft: {
        ...base,
        text: text() + tail,
        toolCalls: stopped ? [] : emitted,
        finishReason: finishOf(round, stopped !== undefined, emitted.length),
        broken: [],
        released: shown() || tail !== "" || emitted.length > 0,
      },
      violations: [...new Set([...gates.flatMap((each) => each.warnings), ...(stopped ? [stopped] : [])].map(toLine))],
    };
  };
};

/** Replies in a row that only hold refused calls, after which the model is not asked again. */
const maxRefusedRounds = 3;

/** The intents whose rules hold: those of the query, and those that the model's own calls have served. */
const intentsOf = ({ parts }: AnswerState, results: readonly StepResult[], rows: readonly IntentRow[]): string[] => {
  const called = new Set(results.flatMap(({ step }) => (step.callId === undefined ? [] : [step.target])));
  return [
    ...new Set([
      ...parts.map(({ name }) => name),
      ...rows.flatMap(({ id, target }) => (called.has(target) ? [id] : [])),
    ]),
  ];
};

const isRefusal = (error: unknown): boolean => isAppError(error, "PROVIDER_REFUSED");

const finishOf = ({ finishReason }: Round, stopped: boolean, emitted: number): Draft["finishReason"] => {
  if (stopped) return "stop";
  if (emitted > 0) return "tool_calls";
  return finishReason === "tool_calls" ? "stop" : finishReason;
};

const screenHistory = (history: readonly ChatMessage[], screen: Screen): ChatMessage[] =>
  history.map((message) =>
    message.role === "tool"
      ? { ...message, content: screen.json(message.content, message.toolName ?? "tool") }
      : message,
  );

/** The evidence as the model may read it, numbered. */
const screenEvidence = (results: readonly StepResult[], screen: Screen) =>
  numberEvidence(results).map((item) => ({
    ...item,
    title: screen.text(item.title, item.service).replaceAll("\n", " "),
    text: screen.text(item.text, item.service),
    sourceName: item.sourceName.replaceAll("\n", " ").slice(0, 200),
  }));

/** What each call of a reply gave, in the reply's order; the client's are still to come. */
const toolMessages = (
  calls: readonly ToolCall[],
  own: readonly { readonly call: ToolCall; readonly result: StepResult }[],
  refused: readonly { readonly call: ToolCall; readonly words: string }[],
  results: readonly StepResult[],
  screen: Screen,
  block: DataBlock,
): ChatMessage[] => {
  const evidence = screenEvidence(results, screen);
  let next = evidence.length - own.flatMap(({ result }) => result.evidence).length;
  const contents = new Map<ToolCall, string>(refused.map(({ call, words }) => [call, words]));
  for (const { call, result } of own) {
    const items = evidence.slice(next, next + result.evidence.length).map(toItem);
    next += result.evidence.length;
    contents.set(
      call,
      result.status === "failed"
        ? `Failed: ${result.reason ?? "no reason was given."}`
        : items.length > 0
          ? block("tool_result", items.join("\n\n"))
          : result.text || "Nothing was found.",
    );
  }
  return calls.flatMap((call): ChatMessage[] => {
    const content = contents.get(call);
    return content === undefined ? [] : [{ role: "tool", content, toolCallId: call.id, toolName: call.name }];
  });
};

const withheldNotes = (screen: Screen, locale: string, { say }: AnswerDeps): Degraded[] =>
  [...new Set(screen.withheld.map(({ source }) => source))].map((source) => ({
    part: source,
    reason: say("untrusted.withheld", locale),
  }));
