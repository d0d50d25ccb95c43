import type { CrewAgent, CrewTask } from "./crew.ts";
import { CrewFailure } from "./crew-failure.ts";
import { addSpent, nothingSpent, type Spent, spentOn } from "./spent.ts";
import type { ApprovalQuestion, Decision, Steps, TaskOutput } from "./steps.ts";

export interface TaskRun {
  readonly jobId: string;
  readonly task: CrewTask;
  readonly agent: CrewAgent;
  readonly context: Readonly<Record<string, TaskOutput>>;
  /** What is left of the job's limits once the task itself has spent so much. @throws {CrewFailure} limit_reached */
  readonly left: (spent: Spent) => { readonly tokens: number; readonly seconds: number };
}

export interface TaskDone {
  readonly output: TaskOutput;
  readonly spent: Spent;
}

const rejection = (task: string, { by, reason }: Decision): CrewFailure =>
  new CrewFailure("rejected", `${by} rejected it${reason ? `: ${reason}` : "."}`, task);

/** One task from its first round to the one that counts, with the questions it asks people. @throws {CrewFailure} */
export const runTask = async ({ jobId, task, agent, context, left }: TaskRun, steps: Steps): Promise<TaskDone> => {
  let spent = nothingSpent;
  let feedback: string | undefined;

  const ask = async (key: string, question: ApprovalQuestion): Promise<Decision> => {
    const { round } = question;
    await steps.emit({ id: `${key}/waiting`, kind: "waiting", task: task.id, round, text: question.about });
    const askedAt = steps.now();
    const decision = await steps.awaitApproval(key, question);
    spent = addSpent(spent, { ...nothingSpent, pausedMs: steps.now() - askedAt });
    await steps.emit({ id: `${key}/decided`, kind: "decided", task: task.id, round, text: decision.decision });
    if (decision.decision === "reject") throw rejection(task.id, decision);
    return decision;
  };

  if (task.humanApproval === "before") {
    await ask(`${jobId}/${task.id}/begin`, { about: "task", task: task.id, round: 1 });
  }
  for (let round = 1; round <= task.maxRounds; round++) {
    const key = `${jobId}/${task.id}/${round}`;
    // Looked at before anything that costs, so that a limit is not overrun by more than what is under way.
    const { tokens, seconds } = left(spent);
    await steps.emit({ id: `${key}/started`, kind: "task_started", task: task.id, round, agent: agent.id });
    const result = await steps.runTask({
      key,
      task,
      agent,
      context,
      ...(feedback === undefined ? {} : { feedback }),
      tokensLeft: tokens,
      timeoutSeconds: seconds,
    });
    spent = addSpent(spent, spentOn(result.usage, 1));
    if (result.status === "refused") {
      feedback = result.feedback;
      await steps.emit({ id: `${key}/refused`, kind: "task_refused", task: task.id, round, text: feedback });
      continue;
    }
    if (result.status === "outcome_unknown") {
      const { call } = result;
      const { decision, by } = await ask(`${key}/outcome`, { about: "outcome", task: task.id, round, call });
      if (decision === "repeat") continue;
      return { output: { text: `${call.summary} (${by})`, citations: [] }, spent };
    }
    if (task.humanApproval !== "result") return { output: result.output, spent };
    const question = { about: "result", task: task.id, round, output: result.output } as const;
    const { decision, reason } = await ask(`${key}/result`, question);
    if (decision === "approve") return { output: result.output, spent };
    feedback = reason;
  }
  throw new CrewFailure(
    "guardrails_unmet",
    `After ${task.maxRounds} rounds the result of '${task.id}' still does not count${feedback ? `: ${feedback}` : "."}`,
    task.id,
  );
};
