import type { CrewAgent, CrewTask } from "./crew.ts";
import { CrewFailure } from "./crew-failure.ts";
import type { JobAccount } from "./job-account.ts";
import type { Pause } from "./pauses.ts";
import type {
  ApprovalQuestion,
  CallAnswer,
  Decision,
  RoundRequest,
  Steps,
  TaskOutput,
  TaskResult,
  TaskUsage,
} from "./steps.ts";

export interface TaskRun {
  readonly jobId: string;
  readonly task: CrewTask;
  readonly agent: CrewAgent;
  readonly context: Readonly<Record<string, TaskOutput>>;
  /** Somebody agreed to a result that the task needs. */
  readonly approved: boolean;
  /** The job's. */
  readonly account: Pick<JobAccount, "begin" | "during">;
  /** Told of each time in which somebody was waited for, as soon as it is over. */
  readonly onPause: (pause: Pause) => void;
}

export interface TaskDone {
  readonly output: TaskOutput;
  /** Somebody agreed to the result. */
  readonly agreed: boolean;
}

type RoundResult = Exclude<TaskResult, { readonly status: "outcome_unknown" }>;

const rejection = (task: string, { by, reason }: Decision): CrewFailure =>
  new CrewFailure("rejected", `${by} rejected it${reason ? `: ${reason}` : "."}`, task);

const toAnswer = (call: string, question: string, { decision, by, reason }: Decision): CallAnswer => ({
  ...{ call, question, by, happened: decision === "approve" },
  ...(reason === undefined ? {} : { reason }),
});

/** One task from its first round to the one that counts, with the questions it asks people. @throws {CrewFailure} */
export const runTask = async (given: TaskRun, steps: Steps): Promise<TaskDone> => {
  const { jobId, task, agent, context, account, onPause } = given;
  let feedback: string | undefined;
  let { approved } = given;

  const ask = async (key: string, question: ApprovalQuestion): Promise<Decision> => {
    const { round } = question;
    await steps.emit({ id: `${key}/waiting`, kind: "waiting", task: task.id, round, text: question.about });
    const from = steps.now();
    const decision = await steps.awaitApproval(key, question);
    onPause({ from, to: steps.now() });
    await steps.emit({ id: `${key}/decided`, kind: "decided", task: task.id, round, text: decision.decision });
    if (decision.decision === "reject") throw rejection(task.id, decision);
    return decision;
  };

  /** One round, which goes on where it was when somebody has said what became of a call that was cut off. */
  const runRound = async (key: string, round: number): Promise<RoundResult> => {
    const answers: CallAnswer[] = [];
    let used: TaskUsage | undefined;
    for (;;) {
      const result = await account.during(task.id, async (allowance) => {
        if (used === undefined) {
          await steps.emit({ id: `${key}/started`, kind: "task_started", task: task.id, round, agent: agent.id });
        }
        const request: RoundRequest = {
          ...{ key, task, agent, context, approved },
          ...(feedback === undefined ? {} : { feedback }),
          ...(used === undefined ? {} : { answers: [...answers], used }),
        };
        return steps.runTask(request, allowance);
      });
      if (result.status !== "outcome_unknown") return result;
      const { call, usage } = result;
      used = { tokens: (used?.tokens ?? 0) + usage.tokens, cost: (used?.cost ?? 0) + usage.cost };
      const question = answers.length === 0 ? `${key}/outcome` : `${key}/outcome/${answers.length + 1}`;
      answers.push(toAnswer(call.key, question, await ask(question, { about: "outcome", task: task.id, round, call })));
    }
  };

  if (task.humanApproval === "before") {
    await ask(`${jobId}/${task.id}/begin`, { about: "task", task: task.id, round: 1 });
    approved = true;
  }
  let lastRound = task.maxRounds;
  for (let round = 1; round <= lastRound; round++) {
    const key = `${jobId}/${task.id}/${round}`;
    account.begin(task.id);
    const result = await runRound(key, round);
    if (result.status === "refused") {
      feedback = result.feedback;
      await steps.emit({ id: `${key}/refused`, kind: "task_refused", task: task.id, round, text: feedback });
      continue;
    }
    const { output } = result;
    if (task.humanApproval !== "result") return { output, agreed: false };
    const { decision, reason } = await ask(`${key}/result`, { about: "result", task: task.id, round, output });
    if (decision === "approve") return { output, agreed: true };
    feedback = reason;
    // A person asked for it: steps, tokens and time bound it, and the checks have all their rounds again.
    lastRound = round + task.maxRounds;
  }
  throw new CrewFailure(
    "guardrails_unmet",
    `After ${lastRound} rounds the result of '${task.id}' still does not count${feedback ? `: ${feedback}` : "."}`,
    task.id,
  );
};
