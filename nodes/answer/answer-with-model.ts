import { AppError, isAppError } from "../../platform/errors/app-error.ts";
import type { Degraded } from "../../platform/evidence/evidence.ts";
import type { ChatRequest, ToolCall, ToolChoice, ToolDeclaration, Usage } from "../../platform/models/model-gateway.ts";
import type { QueryRuntime } from "../query.ts";
import { createScreen } from "../untrusted/create-screen.ts";
import { type AnswerDeps, type AnswerState, type AnswerWork, wantsJson } from "./answer-state.ts";
import { createDataBlock } from "./data-block.ts";
import { finishAnswer, type ModelAnswer } from "./finish-answer.ts";
import { addUsage, type Round, runRound } from "./model-round.ts";
import { declarationsOf, type OfferedTools, offerTools } from "./own-tools.ts";
import { prepareRound } from "./prepare-round.ts";
import type { ReleaseGate } from "./release-gate.ts";
import { runOwnCalls } from "./run-own-calls.ts";
import { screenEvidence, withheldNotes } from "./screen-turn.ts";
import { sortCalls } from "./sort-calls.ts";
import { toolMessages } from "./tool-messages.ts";

/** The model broke off after something was shown; the reason is its cause. */
export class AfterRelease extends Error {}

const noTools: OfferedTools = new Map();
const noUsage: Usage = { promptTokens: 0, completionTokens: 0, estimated: false };

/** Replies in a row that hold refused calls only, after which the model is not asked again. */
const mostRefusedReplies = 4;

/** Makes the model's side of `compose`; remembers which models take no tools. */
export const createAnswerWithModel = (deps: AnswerDeps) => {
  const { models, say, ownTools, intents } = deps;
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
    const { query, locale } = state;
    const { clientTools = [], toolChoice } = query;
    const { context } = runtime;
    const model = query.model ?? models.answerModel ?? "";
    const now = context?.now ?? new Date();
    // JSON is only worth something whole, so it is judged and shown whole.
    const live = wantsJson(query) ? undefined : context?.emit;
    const block = createDataBlock();
    let offered = toolsFor(state, model);
    const toolNames = [...clientTools.map(({ name }) => name), ...offered.keys()];
    const screen = createScreen({ question: state.text, toolNames });
    const gates: ReleaseGate[] = [];
    const notes: Degraded[] = [];
    let calls: readonly ToolCall[] = [];
    let usage = state.draft?.usage ?? noUsage;
    let reasoning = "";
    let firstTokenMs: number | undefined;
    let last: Round;

    for (let turn = 0; ; turn += 1) {
      const isLast = offered.size > 0 && turn >= (ownTools?.maxRounds ?? 0);
      const tools = [...clientTools, ...declarationsOf(offered)];
      const said = gates.map((each) => each.text).join("");
      const hasTools = tools.length > 0;
      const { messages, gate, trust, made } = prepareRound(
        { state, work, screen, block, now, hasTools, said, live },
        deps,
      );
      gates.push(gate);
      const ask = (given: readonly ToolDeclaration[], choice: ToolChoice | undefined) =>
        runRound({
          models,
          messages,
          gate,
          context,
          onText: work.onText,
          request: {
            ...requestOf(state, runtime, model, given, choice),
            // In the loop a made-up name is answered, instead of being shown to the user.
            ...(offered.size > 0 ? { undeclaredCalls: true } : {}),
          },
        });
      // A call that was demanded once is not demanded again after it was refused.
      const choice = turn > 0 && toolChoice !== "none" ? undefined : toolChoice;
      try {
        if (isLast) last = clientTools.length > 0 ? await ask(clientTools, choice) : await ask(tools, "none");
        else
          last = await ask(tools, choice).catch(async (error: unknown) => {
            // Some local models take no tools at all; without ours they answer as before.
            if (turn > 0 || offered.size === 0 || clientTools.length > 0 || !isAppError(error, "PROVIDER_REFUSED"))
              throw error;
            const answered = await ask([], choice);
            offered = noTools;
            toolless.add(model);
            return answered;
          });
      } catch (error) {
        if (gates.some(({ shown }) => shown) && !context?.signal.aborted)
          throw new AfterRelease("broke off", { cause: error });
        throw error;
      }
      usage = addUsage(usage, last.usage);
      reasoning += last.reasoning;
      firstTokenMs ??= last.firstTokenMs;
      if (last.stopped || last.calls.length === 0 || toolChoice === "none") break;

      const callsLeft = (ownTools?.maxCalls ?? 0) - made;
      const sorted = sortCalls({
        calls: last.calls,
        offered: isLast ? noTools : offered,
        query,
        trust,
        callsLeft,
      });
      for (const { call, refusal } of sorted.refused)
        if (refusal && refusal !== "question" && !notes.some(({ part }) => part === call.name))
          notes.push({ part: call.name, reason: say("tools.refused", locale) });
      if (sorted.own.some(({ tool }) => tool.effect !== "read")) await work.beforeEffect?.();
      const own = await runOwnCalls(sorted.own, state, runtime, ownTools, made);
      work.results.push(...own.map(({ result }) => result));
      const evidence = screenEvidence([...state.results, ...work.results], screen);
      work.transcript.push(
        { role: "assistant", content: gate.text.trim(), toolCalls: last.calls },
        ...toolMessages(last.calls, { own, refused: sorted.refused }, evidence, block),
      );
      calls = sorted.client;
      if (calls.length > 0 || isLast || (own.length === 0 && turn + 1 >= mostRefusedReplies)) break;
    }
    notes.push(...withheldNotes(screen, locale, say));
    return finishAnswer({ last, gates, usage, reasoning, firstTokenMs, calls, notes }, state, runtime, deps);
  };
};

/** The request of one round but for its messages. @throws {AppError} INTERNAL without a permit; the signal's reason. */
const requestOf = (
  { query, permit }: AnswerState,
  { context }: QueryRuntime,
  model: string,
  tools: readonly ToolDeclaration[],
  toolChoice: ToolChoice | undefined,
): Omit<ChatRequest, "messages"> => {
  if (!permit) throw new AppError("INTERNAL", "There is no permit for the model.");
  const signal = context?.signal ?? query.signal;
  signal.throwIfAborted();
  return {
    model,
    ...(tools.length > 0 ? { tools } : {}),
    ...(toolChoice === undefined ? {} : { toolChoice }),
    ...(query.parallelToolCalls === undefined ? {} : { parallelToolCalls: query.parallelToolCalls }),
    ...(query.responseFormat === undefined ? {} : { responseFormat: query.responseFormat }),
    ...query.sampling,
    permit,
    signal,
    deadlineAt: context?.deadlineAt ?? performance.now() + 120_000,
  };
};
