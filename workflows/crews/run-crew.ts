import type { Crew, CrewAgent, CrewTask } from "./crew.ts";
import { createJobAccount } from "./job-account.ts";
import { type Pause, pausedMs } from "./pauses.ts";
import { runTask } from "./run-task.ts";
import { nothingSpent } from "./spent.ts";
import type { CrewState, Steps, TaskOutput } from "./steps.ts";
import { waitsFor } from "./task-order.ts";

/** One run of a crew's program. */
export interface CrewRun {
  readonly jobId: string;
  readonly crew: Crew;
  /** What an earlier run of the same job had done. */
  readonly state?: CrewState;
}

const nothingDone: CrewState = { done: {}, assigned: {}, agreed: [], spent: nothingSpent, workedSeconds: 0 };

/**
 * The program of every crew, on whatever engine: which task is next, who does it, when it counts, what it may cost. It does
 * nothing by itself but through `steps`, so that a replay takes the same way.
 *
 * @returns the result of the crew's last task, or of the one it names.
 * @throws {CrewFailure}; what `steps` throws.
 */
export const runCrew = async ({ jobId, crew, state = nothingDone }: CrewRun, steps: Steps): Promise<TaskOutput> => {
  const agents = new Map(crew.agents.map((agent) => [agent.id, agent]));
  const done = new Map(Object.entries(state.done));
  const startedAt = steps.now() - state.workedSeconds * 1_000;
  const agreed = new Set(state.agreed);
  const pauses: Pause[] = [];
  let { assigned } = state;

  const workedSeconds = (): number => (steps.now() - startedAt - pausedMs(pauses)) / 1_000;

  const account = createJobAccount({ limits: crew.limits, spent: state.spent, workedSeconds });

  const agentOf = (task: CrewTask): CrewAgent => agents.get(task.agent ?? assigned[task.id] ?? "") ?? crew.agents[0]!;

  const doTask = async (task: CrewTask): Promise<void> => {
    const agent = agentOf(task);
    const context = Object.fromEntries(task.needs.map((id) => [id, done.get(id)!]));
    const approved = task.needs.some((id) => agreed.has(id));
    const onPause = (pause: Pause): void => void pauses.push(pause);
    const work = (own: Steps) => runTask({ jobId, task, agent, context, approved, account, onPause }, own);
    const result = await (steps.branch ? steps.branch(task.id, work) : work(steps));
    await steps.emit({ id: `${jobId}/${task.id}/done`, kind: "task_done", task: task.id, agent: agent.id });
    if (result.agreed) agreed.add(task.id);
    done.set(task.id, result.output);
  };

  await steps.emit({ id: `${jobId}/started`, kind: "started" });
  const unassigned = crew.tasks.filter(({ id, agent }) => agent === undefined && assigned[id] === undefined);
  const manager = crew.manager === undefined ? undefined : agents.get(crew.manager);
  if (crew.process === "hierarchical" && manager && unassigned.length > 0) {
    const team = crew.agents.filter(({ id }) => id !== manager.id);
    const { id } = unassigned[0]!;
    account.begin(id);
    const choice = await account.during(id, async (allowance) => {
      allowance();
      return steps.assign({ key: `${jobId}/assign`, manager, agents: team, tasks: unassigned });
    });
    assigned = { ...assigned, ...choice.agents };
  }

  const waits = waitsFor(crew);
  const running = new Map<string, Promise<void>>();
  const isReady = ({ id }: CrewTask): boolean =>
    !done.has(id) && !running.has(id) && waits.get(id)!.every((before) => done.has(before));
  for (;;) {
    const wait = running.size > 0 && steps.wantsPause?.();
    const free = wait ? 0 : Math.max(0, crew.limits.parallel - running.size);
    for (const task of crew.tasks.filter(isReady).slice(0, free)) {
      const run = doTask(task).then(() => void running.delete(task.id));
      run.catch(() => undefined); // of several that fail the first one is told
      running.set(task.id, run);
    }
    if (running.size === 0) break;
    await Promise.race(running.values());
    if (running.size === 0) {
      await steps.mayPause?.({
        done: Object.fromEntries(done),
        assigned,
        agreed: [...agreed],
        spent: account.spent(),
        workedSeconds: workedSeconds(),
      });
    }
  }
  return done.get(crew.result ?? crew.tasks.at(-1)!.id)!;
};
