import { AppError } from "../../platform/errors/app-error.ts";
import type { Degraded } from "../../platform/evidence/evidence.ts";
import { fillIn } from "../crews/fill-in.ts";
import { splitInput } from "../crews/split-input.ts";
import type { TaskOutput, TaskRequest, TaskResult, TaskUsage } from "../crews/steps.ts";
import type { JobWork } from "../jobs/job.ts";
import { agentMessages, type Feedback } from "./agent-messages.ts";
import type { AskModel } from "./ask-model.ts";
import { createToolCaller, type Effect, OutcomeUnknown } from "./call-tools.ts";
import type { CallsUnderWay } from "./calls-under-way.ts";
import { checkGuardrails } from "./guardrails/check-guardrails.ts";
import { readJson } from "./guardrails/read-json.ts";
import { citedIn } from "./json-result.ts";
import { modelFor } from "./model-for.ts";
import { type ModelMissing, missingModel, whyMissing, withoutModelOf } from "./model-missing.ts";
import { localeOf, readContext } from "./read-context.ts";
import { runAgent } from "./run-agent.ts";
import { citedOutput, createSourceBook } from "./source-book.ts";
import type { Draft, RoundGuard, TaskWorkDeps } from "./task-work-deps.ts";
import type { WayRequest } from "./ways/way.ts";
import { ways } from "./ways/way-list.ts";
import { withSources } from "./with-sources.ts";

export interface RoundInput {
  readonly job: JobWork;
  readonly request: TaskRequest;
  readonly feedback: Feedback | undefined;
  /** Of earlier rounds. */
  readonly effects: readonly Effect[];
  /** Why it is done without its model, where that was seen before. */
  readonly missing: ModelMissing | undefined;
  readonly underWay: CallsUnderWay;
  readonly signal: AbortSignal;
  /** The round's time is over. */
  readonly isOver: () => boolean;
  readonly deadlineAt: number;
  readonly beat: () => void;
}

export interface RoundDone {
  readonly result: TaskResult;
  readonly effects: readonly Effect[];
}

interface Written {
  readonly text: string;
  readonly data?: unknown;
  readonly material: readonly string[];
}

/** Characters of earlier results that a model is shown, however many tokens are left. */
const mostContext = 120_000;

const nothingUsed: TaskUsage = { tokens: 0, cost: 0 };

/** Does one round of a task: by an agent with a model, else by its way; then judges what came out. @throws as `TaskWork` says */
export const doRound = async (deps: TaskWorkDeps, input: RoundInput): Promise<RoundDone> => {
  const { job, request, feedback, effects, underWay, signal, deadlineAt, beat } = input;
  const { task, agent, key, approved, answers = [], used = nothingUsed } = request;
  const { records } = deps;
  const now = deps.now?.() ?? new Date();
  const { words, data: given } = splitInput(job.crew.input, job.input);
  const locale = localeOf(words, deps.locale);
  const permit = deps.permitFor(job);
  const book = createSourceBook();
  const context = await readContext(deps, job, request.context, book);
  const findings = book.size;
  // Turns that are kept are counted anew; what was told of them before is taken off at the end.
  const tokensLeft = request.tokensLeft + used.tokens;
  let usage = nothingUsed;
  const spend = (more: TaskUsage): void => {
    usage = { tokens: usage.tokens + more.tokens, cost: usage.cost + more.cost };
  };
  const usageNow = (): TaskUsage => ({
    tokens: Math.max(0, usage.tokens - used.tokens),
    cost: Math.max(0, usage.cost - used.cost),
  });
  const caller = createToolCaller({
    tools: deps.tools,
    rolesOf: deps.rolesOf,
    records,
    call: { job, permit, locale, now, signal },
    key,
    names: agent.tools,
    approved,
    before: effects,
    answers,
    underWay,
    readPausesMs: deps.readPausesMs,
    beat,
  });
  const guard = deps.guard(
    {
      crew: [fillIn(task.description, {}), task.expectedOutput, agent.goal].join("\n"),
      user: stringsOf(words).join("\n"),
    },
    caller.offered.map(({ name }) => name),
  );
  let { missing } = input;
  const ask = missing === undefined ? modelFor(deps, { agent, permit, signal, deadlineAt, beat }) : undefined;

  const byAgent = async (asking: AskModel, shield: RoundGuard): Promise<Written | undefined> => {
    const messages = agentMessages({
      agent,
      task,
      input: words,
      data: given,
      context,
      feedback,
      effects,
      hasTools: caller.offered.length > 0,
      locale,
      now,
      timezone: job.timezone,
      guard: shield,
      room: Math.min(mostContext, tokensLeft * 2),
    });
    const limits = { ...deps.limits, tokens: tokensLeft };
    const { text, material } = await runAgent({
      jobId: job.id,
      key,
      messages,
      ask: asking,
      tools: caller,
      book,
      guard: shield,
      records,
      limits,
      spend,
    });
    if (text === undefined) return undefined;
    const wantsJson = task.guardrails.some(({ kind }) => kind === "schema");
    const data = wantsJson ? readJson(text)?.value : undefined;
    return { text, ...(data === undefined ? {} : { data }), material };
  };

  const byWay = async (): Promise<Written> => {
    // Counted here: what an agent called before its model failed is not in every attempt.
    const made = new Map<string, number>();
    const use: WayRequest["use"] = async (tool, args) => {
      const count = (made.get(tool) ?? 0) + 1;
      made.set(tool, count);
      // What the agent did with it is done: ways use each tool with effects once.
      const before = caller.effects.find((effect) => effect.tool === tool);
      return before ? before.answer : caller.call(tool, args, `${tool}.${count}`);
    };
    const { text, data, material } = await ways.get(task.withoutModel)!({
      task,
      input: words,
      data: given,
      context,
      book,
      tools: caller.offered,
      use,
      locale,
    });
    return { text, ...(data === undefined ? {} : { data }), material: material ?? [] };
  };

  const write = async (): Promise<Written | undefined> => {
    if (!ask) {
      // What its agent began while there was a model is ended first: a way must not do it again.
      if (deps.models.configured) await byAgent(goneModel, guard).catch(unlessGone);
      return byWay();
    }
    let failure: unknown;
    const asking: AskModel = (...question) =>
      ask(...question).catch((error) => {
        failure = error;
        throw error;
      });
    try {
      return await byAgent(asking, guard);
    } catch (error) {
      missing = error === failure && !signal.aborted ? whyMissing(error) : undefined;
      if (missing === undefined) throw error;
      missing = await records.keep(job.id, withoutModelOf(key), missing);
      return byWay();
    }
  };

  const onMissing = (why: ModelMissing): void => {
    missing = why;
  };

  const refused = (why: string): RoundDone => ({
    result: { status: "refused", feedback: why, usage: usageNow() },
    effects: caller.effects,
  });

  try {
    const written = await write();
    if (written === undefined) return refused("The tokens that were left did not reach for an answer.");
    if (written.text.trim() === "" && written.data === undefined) return refused("The answer was empty.");
    const marks = citedIn(written);
    const output = citedOutput(written.text, book, written.data);
    const draft: Draft = {
      ...output,
      unknownMarks: marks.filter((number) => book.get(number) === undefined),
      sources: book.size,
      findings,
      material: [
        JSON.stringify(job.input),
        task.description,
        ...Object.values(context).map(({ text, data }) => `${text}\n${data === undefined ? "" : JSON.stringify(data)}`),
        ...written.material,
        ...caller.effects.map(({ args }) => args),
      ],
    };
    const judge = ask && missing === undefined ? { ask, guard, spend, onMissing } : undefined;
    const problem = await checkGuardrails({
      guardrails: task.guardrails,
      draft,
      context: { job, seenItems: deps.seenItems },
      judge,
    });
    if (problem) return refused(problem);
    const whole = withDegraded(output, [
      ...(missing === undefined ? [] : [missingModel(missing, locale)]),
      ...Object.values(context).flatMap(({ degraded = [] }) => degraded),
    ]);
    const isResult = (job.crew.result ?? job.crew.tasks.at(-1)?.id) === task.id;
    return {
      result: { status: "ok", output: isResult ? withSources(whole, locale) : whole, usage: usageNow() },
      effects: caller.effects,
    };
  } catch (error) {
    if (error instanceof OutcomeUnknown)
      return { result: { status: "outcome_unknown", call: error.call, usage: usageNow() }, effects: caller.effects };
    if (input.isOver()) return refused("The time that was left did not reach.");
    throw error;
  }
};

const gone = new AppError("NOT_CONFIGURED", "This round goes on without a model.");
const goneModel: AskModel = () => Promise.reject(gone);
const unlessGone = (error: unknown): void => {
  if (error !== gone) throw error;
};

/** A result with what was missing, each reason once. */
const withDegraded = (output: TaskOutput, all: readonly Degraded[]): TaskOutput => {
  const degraded = [...new Map(all.map((each) => [each.reason, each])).values()];
  return degraded.length === 0 ? output : { ...output, degraded };
};

const stringsOf = (value: unknown): readonly string[] =>
  typeof value === "string"
    ? [value]
    : typeof value === "object" && value !== null
      ? Object.values(value).flatMap(stringsOf)
      : [];
