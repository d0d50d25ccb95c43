import type { JobEventReply, JobReply } from "../jobs/job-replies.ts";

type Question = NonNullable<JobReply["question"]>;

const about: Readonly<Record<Question["about"], (question: Question) => string>> = {
  task: ({ task }) => `may '${task}' begin?`,
  result: ({ task, output }) => `does this result of '${task}' count?\n\n${output?.text ?? ""}\n`,
  outcome: ({ task, call }) =>
    `'${task}' was cut off while it called ${call?.tool ?? "a tool"}: did this happen?\n\n${call?.summary ?? ""}\n`,
};

/** What a job waits to be told, and how to tell it. */
export const toQuestionText = (id: string, question: Question): string =>
  [
    `${id} asks: ${about[question.about](question)}`,
    `Answer with: athena jobs approve ${id} --key '${question.key}'`,
    ...(question.about === "task" ? [] : [`            athena jobs repeat ${id} --key '${question.key}' --reason …`]),
    `            athena jobs reject ${id} --key '${question.key}' --reason …`,
  ].join("\n");

/** A job on one line. */
export const toJobLine = ({ id, crew, status, progress, created_at, error }: JobReply): string =>
  [
    id,
    created_at,
    crew,
    status,
    `${progress.done}/${progress.total}`,
    ...(progress.running.length > 0 ? [progress.running.join(", ")] : []),
    ...(error ? [error.message] : []),
  ].join("  ");

/** What came of a job: its result with its sources, or why there is none. */
export const toEndText = ({ id, crew, status, result, error, usage, thread_id }: JobReply): string => {
  const sources = (result?.citations ?? []).map(({ id: citation, title, url }) =>
    [`[${citation}]`, title, ...(url ? [`<${url}>`] : [])].join(" "),
  );
  return [
    ...(result ? [result.text] : [`The job '${crew}' ${status === "failed" ? "failed" : `is ${status}`}.`]),
    ...(error ? [error.message] : []),
    ...(sources.length > 0 ? ["", "Sources:", ...sources] : []),
    `Job: ${id}, thread: ${thread_id}, ${usage.tokens} tokens.`,
  ].join("\n");
};

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
