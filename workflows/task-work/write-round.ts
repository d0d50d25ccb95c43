import { AppError } from "../../platform/errors/app-error.ts";
import { agentMessages } from "./agent-messages.ts";
import type { AskModel } from "./ask-model.ts";
import { readJson } from "./guardrails/read-json.ts";
import { type ModelMissing, whyMissing, withoutModelOf } from "./model-missing.ts";
import type { Round } from "./round.ts";
import { runAgent } from "./run-agent.ts";
import type { TaskWorkDeps } from "./task-work-deps.ts";
import type { WayRequest } from "./ways/way.ts";
import { ways } from "./ways/way-list.ts";

export interface Written {
  readonly text: string;
  readonly data?: unknown;
  /** What tools said. */
  readonly material: readonly string[];
}

export interface RoundWriting {
  /** Undefined: the tokens that were left did not reach. */
  readonly written: Written | undefined;
  /** Why it was written without the model. */
  readonly missing: ModelMissing | undefined;
}

/** Characters of earlier results that a model is shown, however many tokens are left. */
const mostContext = 120_000;

const byAgent = async (deps: TaskWorkDeps, round: Round, ask: AskModel): Promise<Written | undefined> => {
  const { job, request, feedback, effects, words, data, locale, now, context, caller, guard, tokensLeft } = round;
  const { task, agent, key } = request;
  const messages = agentMessages({
    ...{ agent, task, input: words, data, context, feedback, effects, locale, now, guard },
    hasTools: caller.offered.length > 0,
    timezone: job.timezone,
    room: Math.min(mostContext, tokensLeft * 2),
  });
  const { book, spend } = round;
  const { text, material } = await runAgent({
    ...{ jobId: job.id, key, messages, ask, tools: caller, book, guard, records: deps.records, spend },
    limits: { ...deps.limits, tokens: tokensLeft },
  });
  if (text === undefined) return undefined;
  const wantsJson = task.guardrails.some(({ kind }) => kind === "schema");
  const json = wantsJson ? readJson(text)?.value : undefined;
  return { text, ...(json === undefined ? {} : { data: json }), material };
};

const byWay = async ({ request, words, data, context, book, caller, locale }: Round): Promise<Written> => {
  const { task } = request;
  // Counted here: what an agent called before its model failed is not in every attempt.
  const made = new Map<string, number>();
  const use: WayRequest["use"] = async (tool, args) => {
    const count = (made.get(tool) ?? 0) + 1;
    made.set(tool, count);
    // What the agent did with it is done: ways use each tool with effects once.
    const before = caller.effects.find((effect) => effect.tool === tool);
    return before ? before.answer : caller.call(tool, args, `${tool}.${count}`);
  };
  const way = ways.get(task.withoutModel)!;
  const result = await way({ task, input: words, data, context, book, tools: caller.offered, use, locale });
  return { material: [], ...result };
};

/** Writes a task's result: by its agent with a model, else, or when that is missing, by its way. @throws what they throw */
export const writeRound = async (
  deps: TaskWorkDeps,
  round: Round,
  ask: AskModel | undefined,
): Promise<RoundWriting> => {
  if (!ask) {
    // What its agent began while there was a model is ended first: a way must not do it again.
    if (deps.models.configured) await byAgent(deps, round, goneModel).catch(unlessGone);
    return { written: await byWay(round), missing: round.missing };
  }
  let failure: unknown;
  const asking: AskModel = (...question) =>
    ask(...question).catch((error) => {
      failure = error;
      throw error;
    });
  try {
    return { written: await byAgent(deps, round, asking), missing: undefined };
  } catch (error) {
    const why = error === failure && !round.signal.aborted ? whyMissing(error) : undefined;
    if (why === undefined) throw error;
    const missing = await deps.records.keep<ModelMissing>(round.job.id, withoutModelOf(round.request.key), why);
    return { written: await byWay(round), missing };
  }
};

const gone = new AppError("NOT_CONFIGURED", "This round goes on without a model.");
const goneModel: AskModel = () => Promise.reject(gone);
const unlessGone = (error: unknown): void => {
  if (error !== gone) throw error;
};
