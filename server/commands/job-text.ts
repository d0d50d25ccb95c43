import type { JobEntryReply, JobEventReply, JobReply } from "../jobs/job-replies.ts";

type Question = NonNullable<JobReply["question"]>;

const about: Readonly<Record<Question["about"], (question: Question) => string>> = {
  task: ({ task }) => `may '${task}' begin?`,
  result: ({ task, output }) => `does this result of '${task}' count?\n\n${output?.text ?? ""}\n`,
  outcome: ({ task, call }) =>
    `'${task}' was cut off while it called ${call?.tool ?? "a tool"}: did this happen?\n\n${call?.summary ?? ""}\n`,
};

/** A question's key as people write it: without the job's id in front. */
export const toShortKey = (id: string, key: string): string =>
  key.startsWith(`${id}/`) ? key.slice(id.length + 1) : key;

/** What a job waits to be told, and how to tell it. */
export const toQuestionText = (id: string, question: Question): string => {
  const key = toShortKey(id, question.key);
  const end = question.about === "outcome" ? "it did; the job goes on" : "yes";
  const again = question.about === "outcome" ? "it did not; it is done again" : "another round";
  return [
    `The job asks: ${about[question.about](question)}`,
    `  athena jobs approve ${id} --key ${key}    # ${end}`,
    ...(question.about === "task" ? [] : [`  athena jobs repeat ${id} --key ${key} --reason …    # ${again}`]),
    `  athena jobs reject ${id} --key ${key} --reason …    # no; the job ends`,
  ].join("\n");
};

/** A job on one line. */
export const toJobLine = ({
  id,
  crew,
  status,
  progress,
  created_at,
  error,
}: Omit<JobEntryReply, "has_result" | "question">): string =>
  [
    id,
    created_at,
    crew,
    status,
    `${progress.done}/${progress.total}`,
    ...(progress.running.length > 0 ? [progress.running.join(", ")] : []),
    ...(error ? [error.message] : []),
  ].join("  ");

/** What came of a job: its result, which ends with its sources, or why there is none. */
export const toEndText = ({ id, crew, status, result, error, usage, thread_id }: JobReply): string =>
  [
    ...(result ? [result.text] : [`The job '${crew}' ${status === "failed" ? "failed" : `is ${status}`}.`]),
    ...(error ? [error.message] : []),
    "",
    `Job: ${id}, thread: ${thread_id}, ${usage.tokens} tokens.`,
  ].join("\n");

const told: Readonly<Record<string, (event: JobEventReply) => string>> = {
  started: () => "begun",
  task_started: ({ task, round, agent }) =>
    `${task} is done by ${agent ?? "somebody"}${round !== undefined && round > 1 ? `, round ${round}` : ""}`,
  task_refused: ({ task, text }) => `${task} does not count yet${text ? `: ${text}` : ""}`,
  task_done: ({ task }) => `${task} is done`,
  waiting: ({ task }) => `${task} waits for somebody`,
  decided: ({ task, text }) => `${task}: ${text ?? "decided"}`,
};

/** An event on one line; one of a later version by its name. */
export const toEventText = (event: JobEventReply): string => told[event.kind]?.(event) ?? event.kind;
