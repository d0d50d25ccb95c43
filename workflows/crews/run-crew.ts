import type { Crew, CrewAgent, CrewTask } from "./crew.ts";
import { CrewFailure } from "./crew-failure.ts";
import type { ApprovalQuestion, CrewState, Decision, Steps, TaskOutput, TaskUsage } from "./steps.ts";
import { waitsFor } from "./task-order.ts";

/** One run of a crew's program. */
export interface CrewRun {
  readonly jobId: string;
  readonly crew: Crew;
  /** What an earlier run of the same job had done. */
  readonly state?: CrewState;
}

const nothingDone: CrewState = { done: {}, assigned: {}, steps: 0, tokens: 0, cost: 0, workedSeconds: 0 };

/**
 * The program of every crew, on whatever engine: which task is next, who does it, when it counts, what it may cost. It does
 * nothing by itself but through `steps`, so that a replay takes the same way.
 *
 * @returns the result of the crew's last task, or of the one it names.
 * @throws {CrewFailure}; what `steps` throws.
 */
export const runCrew = async ({ jobId, crew, state = nothingDone }: CrewRun, steps: Steps): Promise<TaskOutput> => {
  const agents = new Map(crew.agents.map((agent) => [agent.id, agent]));
  const done: Record<string, TaskOutput> = { ...state.done };
  let { assigned, steps: begun, tokens, cost } = state;
  let startedAt = steps.now() - state.workedSeconds * 1_000;

  const spend = (usage: TaskUsage): void => {
    tokens += usage.tokens;
    cost += usage.cost;
  };

  const secondsLeft = (): number => crew.limits.wallSeconds - (steps.now() - startedAt) / 1_000;

  /** Limits are looked at before anything that costs, so that they are not overrun by more than one task. */
  const beginStep = (task: string): void => {
    const { limits } = crew;
    const reached =
      begun >= limits.steps
        ? `${limits.steps} steps`
        : tokens >= limits.tokens
          ? `${limits.tokens} tokens`
          : limits.budget !== undefined && cost >= limits.budget
            ? `its budget of ${limits.budget}`
            : secondsLeft() <= 0
              ? `${limits.wallSeconds} seconds`
              : undefined;
    if (reached) throw new CrewFailure("limit_reached", `The job stopped after ${reached}, its limit.`, task);
    begun += 1;
  };

  const ask = async (key: string, question: ApprovalQuestion): Promise<Decision> => {
    const { task, round } = question;
    await steps.emit({ id: `${key}/waiting`, kind: "waiting", task, round, text: question.about });
    const askedAt = steps.now();
    const decision = await steps.awaitApproval(key, question);
    startedAt += steps.now() - askedAt;
    await steps.emit({ id: `${key}/decided`, kind: "decided", task, round, text: decision.decision });
    return decision;
  };

  const rejected = (task: string, { by, reason }: Decision): CrewFailure =>
    new CrewFailure("rejected", `${by} rejected it${reason ? `: ${reason}` : "."}`, task);

  const agentOf = (task: CrewTask): CrewAgent => agents.get(task.agent ?? assigned[task.id] ?? "") ?? crew.agents[0]!;

  const runTask = async (task: CrewTask): Promise<TaskOutput> => {
    const agent = agentOf(task);
    let feedback: string | undefined;
    if (task.humanApproval === "before") {
      const decision = await ask(`${jobId}/${task.id}/begin`, { about: "task", task: task.id, round: 1 });
      if (decision.decision === "reject") throw rejected(task.id, decision);
    }
    for (let round = 1; round <= task.maxRounds; round++) {
      const key = `${jobId}/${task.id}/${round}`;
      beginStep(task.id);
      await steps.emit({ id: `${key}/started`, kind: "task_started", task: task.id, round, agent: agent.id });
      const result = await steps.runTask({
        key,
        task,
        agent,
        context: Object.fromEntries(task.needs.map((id) => [id, done[id]!])),
        ...(feedback === undefined ? {} : { feedback }),
        tokensLeft: crew.limits.tokens - tokens,
        timeoutSeconds: secondsLeft(),
      });
      spend(result.usage);
      if (result.status === "refused") {
        feedback = result.feedback;
        await steps.emit({ id: `${key}/refused`, kind: "task_refused", task: task.id, round, text: feedback });
        continue;
      }
      if (result.status === "outcome_unknown") {
        const { call } = result;
        const decision = await ask(`${key}/outcome`, { about: "outcome", task: task.id, round, call });
        if (decision.decision === "reject") throw rejected(task.id, decision);
        if (decision.decision === "repeat") continue;
        return { text: `${call.summary} (${decision.by})`, citations: [] };
      }
      if (task.humanApproval !== "result") return result.output;
      const decision = await ask(`${key}/result`, { about: "result", task: task.id, round, output: result.output });
      if (decision.decision === "approve") return result.output;
      if (decision.decision === "reject") throw rejected(task.id, decision);
      feedback = decision.reason;
    }
    throw new CrewFailure(
      "guardrails_unmet",
      `After ${task.maxRounds} rounds the result of '${task.id}' still does not count${feedback ? `: ${feedback}` : "."}`,
      task.id,
    );
  };

  await steps.emit({ id: `${jobId}/started`, kind: "started" });
  const unassigned = crew.tasks.filter(({ id, agent }) => agent === undefined && assigned[id] === undefined);
  const manager = crew.manager === undefined ? undefined : agents.get(crew.manager);
  if (crew.process === "hierarchical" && manager && unassigned.length > 0) {
    beginStep(unassigned[0]!.id);
    const team = crew.agents.filter(({ id }) => id !== manager.id);
    const choice = await steps.assign({ key: `${jobId}/assign`, manager, agents: team, tasks: unassigned });
    spend(choice.usage);
    assigned = { ...assigned, ...choice.agents };
  }

  const waits = waitsFor(crew);
  const running = new Map<string, Promise<void>>();
  const ready = (): readonly CrewTask[] =>
    crew.tasks.filter(
      ({ id }) =>
        done[id] === undefined && !running.has(id) && waits.get(id)!.every((before) => done[before] !== undefined),
    );
  for (;;) {
    const free = steps.wantsPause?.() && running.size > 0 ? 0 : Math.max(0, crew.limits.parallel - running.size);
    for (const task of ready().slice(0, free)) {
      const run = runTask(task).then(async (output) => {
        await steps.emit({ id: `${jobId}/${task.id}/done`, kind: "task_done", task: task.id, agent: agentOf(task).id });
        done[task.id] = output;
        running.delete(task.id);
      });
      run.catch(() => undefined); // of several that fail the first one is told
      running.set(task.id, run);
    }
    if (running.size === 0) break;
    await Promise.race(running.values());
    if (running.size === 0) {
      const workedSeconds = (steps.now() - startedAt) / 1_000;
      await steps.mayPause?.({ done: { ...done }, assigned, steps: begun, tokens, cost, workedSeconds });
    }
  }
  return done[crew.result ?? crew.tasks.at(-1)!.id]!;
};
