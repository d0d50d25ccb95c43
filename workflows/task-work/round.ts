import type { EgressPermit } from "../../platform/egress/egress.ts";
import { fillIn } from "../crews/fill-in.ts";
import { splitInput } from "../crews/split-input.ts";
import type { TaskOutput, TaskRequest, TaskUsage } from "../crews/steps.ts";
import type { JobWork } from "../jobs/job.ts";
import type { Feedback } from "./agent-messages.ts";
import { createToolCaller, type Effect, type ToolCaller } from "./call-tools.ts";
import type { CallsUnderWay } from "./calls-under-way.ts";
import type { ModelMissing } from "./model-missing.ts";
import { localeOf, readContext } from "./read-context.ts";
import { createSourceBook, type SourceBook } from "./source-book.ts";
import type { RoundGuard, TaskWorkDeps } from "./task-work-deps.ts";

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

/** What a round of a task works with. */
export interface Round extends RoundInput {
  /** The words of whoever began the job. */
  readonly words: Readonly<Record<string, unknown>>;
  /** What others wrote, in its input. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly locale: string;
  readonly now: Date;
  readonly permit: EgressPermit;
  /** Results of the tasks that it needs, citing the book. */
  readonly context: Readonly<Record<string, TaskOutput>>;
  readonly book: SourceBook;
  /** How many of the book's sources earlier tasks cited. */
  readonly findings: number;
  readonly caller: ToolCaller;
  readonly guard: RoundGuard;
  /** For all turns of the round, those that an earlier attempt kept too. */
  readonly tokensLeft: number;
  readonly spend: (usage: TaskUsage) => void;
  /** What was used and not told of before. */
  readonly usage: () => TaskUsage;
}

const nothingUsed: TaskUsage = { tokens: 0, cost: 0 };

/** Reads what a round needs, and counts what it uses. */
export const openRound = async (deps: TaskWorkDeps, input: RoundInput): Promise<Round> => {
  const { job, request, effects, underWay, signal, beat } = input;
  const { task, agent, key, approved, answers = [], used = nothingUsed } = request;
  const { records } = deps;
  const now = deps.now?.() ?? new Date();
  const { words, data } = splitInput(job.crew.input, job.input);
  const locale = localeOf(words, deps.locale);
  const permit = deps.permitFor(job);
  const book = createSourceBook();
  const context = await readContext(deps, job, request.context, book);
  const findings = book.size;
  let spent = nothingUsed;
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
  return {
    ...input,
    ...{ words, data, locale, now, permit, context, book, findings, caller, guard },
    // Turns that are kept are counted anew; what was told of them before is taken off at the end.
    tokensLeft: request.tokensLeft + used.tokens,
    spend(more) {
      spent = { tokens: spent.tokens + more.tokens, cost: spent.cost + more.cost };
    },
    usage: () => ({
      tokens: Math.max(0, spent.tokens - used.tokens),
      cost: Math.max(0, spent.cost - used.cost),
    }),
  };
};

const stringsOf = (value: unknown): readonly string[] =>
  typeof value === "string"
    ? [value]
    : typeof value === "object" && value !== null
      ? Object.values(value).flatMap(stringsOf)
      : [];
