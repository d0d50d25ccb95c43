import { canonicalJson } from "../../platform/db/canonical-json.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import type { CallAnswer, UnknownCall } from "../crews/steps.ts";
import type { TaskRecords } from "../jobs/job-store.ts";
import type { CallsUnderWay } from "./calls-under-way.ts";
import { readPersistently } from "./read-persistently.ts";
import type { CrewAnswer, CrewCall, CrewTool, TaskWorkDeps } from "./task-work-deps.ts";

/** Thrown where a call with effects was cut off: the round ends, somebody is asked. */
export class OutcomeUnknown extends Error {
  readonly call: UnknownCall;

  constructor(call: UnknownCall) {
    super(`Whether ${call.tool} took effect is not known.`);
    this.name = "OutcomeUnknown";
    this.call = call;
  }
}

/** A call with effects that has happened in this round or one before. */
export interface Effect {
  readonly tool: string;
  /** Of its arguments, canonical. */
  readonly args: string;
  readonly answer: CrewAnswer;
}

export interface CallToolsDeps extends Pick<TaskWorkDeps, "tools" | "rolesOf"> {
  readonly records: Pick<TaskRecords, "begin" | "done">;
  readonly call: Omit<CrewCall, "idempotencyKey" | "isRepeat">;
  /** Of the round: keys of calls derive from it. */
  readonly key: string;
  /** Names of the agent's tools. */
  readonly names: readonly string[];
  /** Irreversible calls need somebody's word before the task. */
  readonly approved: boolean;
  /** What earlier rounds of the task did. */
  readonly before: readonly Effect[];
  /** What people said of calls of this round. */
  readonly answers: readonly CallAnswer[];
  readonly underWay: CallsUnderWay;
  readonly readPausesMs?: readonly number[] | undefined;
  readonly beat: () => void;
}

/** The tools of one round. */
export interface ToolCaller {
  /** What the agent may call now. */
  readonly offered: readonly CrewTool[];
  /**
   * Calls a tool; refusals and failures are values. What has effects is noted before it happens, and what happened once in
   * this task is not done again; what was begun and cut off is, with the same key, when somebody says that it did not happen. `place` names the call within its round, the same in every attempt;
   * without it the calls of each tool are counted: which others are offered may change between attempts.
   * @throws {OutcomeUnknown}; {AppError} POLICY_DENIED when the principal is not known any more, DATABASE_UNAVAILABLE; the
   * signal's reason.
   */
  call(name: string, args: Record<string, unknown>, place?: string): Promise<CrewAnswer>;
  /** Notes what a call of this round gave in an attempt before. */
  recall(name: string, args: Record<string, unknown>, answer: CrewAnswer): void;
  /** Effects of this round so far, those of earlier rounds first. */
  readonly effects: readonly Effect[];
}

const longestSummary = 500;

/** What was to happen, for a person. Of a confidential job only which tool. */
const summaryOf = (name: string, args: Record<string, unknown>, isConfidential: boolean): string => {
  if (isConfidential) return `${name} was to be called.`;
  const given = JSON.stringify(args);
  return `${name} was to be called with ${given.length > longestSummary ? `${given.slice(0, longestSummary).toWellFormed()}…` : given}.`;
};

export const createToolCaller = (deps: CallToolsDeps): ToolCaller => {
  const { records, call, key, names, approved, answers, underWay, readPausesMs, rolesOf, beat } = deps;
  const { job, signal } = call;
  const effects: Effect[] = [...deps.before];
  const mayUse = ({ allowedRoles }: CrewTool, roles: readonly string[]) =>
    allowedRoles.some((role) => roles.includes(role));
  const known = new Map(deps.tools().map((tool) => [tool.name, tool]));
  const rolesAtStart = rolesOf(job.principal.id) ?? [];
  const offered = names
    .flatMap((name) => known.get(name) ?? [])
    .filter((tool) => (approved || tool.effect !== "irreversible") && mayUse(tool, rolesAtStart));
  const made = new Map<string, number>();

  const note = (tool: CrewTool, args: Record<string, unknown>, answer: CrewAnswer): void => {
    if (answer.status === "ok") effects.push({ tool: tool.name, args: canonicalJson(args), answer });
  };

  const once = async (
    tool: CrewTool,
    args: Record<string, unknown>,
    place: string,
    isOfModel: boolean,
  ): Promise<CrewAnswer> => {
    const canonical = canonicalJson(args);
    const earlier = effects.find((effect) => effect.tool === tool.name && effect.args === canonical);
    if (earlier) return earlier.answer;
    const callKey = `${key}/call/${place}`;
    const summary = summaryOf(tool.name, args, job.mode === "confidential");
    const repeats = answers.filter((said) => said.call === callKey && !said.happened).length;
    const unknown = new OutcomeUnknown({ tool: tool.name, key: callKey, summary });
    // An attempt that was given up may be about to know.
    await underWay.ended(job.id, callKey, signal);
    const state = await records.begin(job.id, {
      key: callKey,
      tool: tool.name,
      summary,
      repeats,
      ...(isOfModel ? { args } : {}),
    });
    if (state.state === "begun") throw unknown;
    const answer =
      state.state === "done"
        ? (state.result as CrewAnswer)
        : await underWay.during(job.id, callKey, async () => {
            const made = await tool.run(args, { ...call, idempotencyKey: callKey, isRepeat: repeats > 0 });
            if (made.status !== "failed") await records.done(job.id, callKey, made);
            return made;
          });
    // It may have happened behind the failure: nobody but a person can tell.
    if (answer.status === "failed") throw unknown;
    note(tool, args, answer);
    return answer;
  };

  return {
    offered,
    effects,
    recall(name, args, answer) {
      const tool = offered.find((each) => each.name === name);
      if (tool && tool.effect !== "read") note(tool, args, answer);
    },
    async call(name, args, given) {
      const count = (made.get(name) ?? 0) + 1;
      made.set(name, count);
      const place = given ?? `${name}.${count}`;
      signal.throwIfAborted();
      beat();
      const tool = offered.find((each) => each.name === name);
      if (!tool) return { status: "refused", reason: `There is no tool '${name}' for this task.` };
      // Asked anew before each call: a job may run for days, and who began it may have lost the right meanwhile.
      const roles = rolesOf(job.principal.id);
      if (roles === undefined) throw new AppError("POLICY_DENIED", "Who began this job is not known any more.");
      if (!mayUse(tool, roles)) return { status: "refused", reason: `You are not allowed to use ${name}.` };
      return tool.effect === "read"
        ? readPersistently(() => tool.run(args, { ...call, idempotencyKey: `${key}/read/${name}` }), {
            signal,
            pausesMs: readPausesMs,
          })
        : once(tool, args, place, given !== undefined);
    },
  };
};
