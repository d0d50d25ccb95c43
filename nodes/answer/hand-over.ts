import type { ChatMessage } from "../../platform/models/model-gateway.ts";
import { textOf } from "../conversation.ts";
import type { JobDelegate } from "../jobs/job-delegate.ts";
import { handOverStep, jobKeyOf } from "../jobs/job-key.ts";
import type { QueryRuntime, Step, StepResult } from "../query.ts";
import type { StepState, StepWrites } from "../step-state.ts";
import { createScreen } from "../untrusted/create-screen.ts";
import type { AnswerDeps, AnswerState } from "./answer-state.ts";
import { wantsJson } from "./answer-state.ts";
import { screenEvidence } from "./screen-turn.ts";

/** What goes on with a question that takes longer than a conversation waits. */
export interface HandOver {
  readonly limitMs: number;
  /** The crew that goes on with it. */
  readonly crew: string;
  /** Begins a job as a step of the query. */
  readonly run: (state: StepState & Pick<AnswerState, "settled">, runtime: QueryRuntime) => Promise<StepWrites>;
  /** Whether there is a job of the principal under that key. */
  readonly isBegun: JobDelegate["isBegun"];
}

const longestFound = 20_000;
const longestSaid = 8_000;
const longestInstructions = 10_000;
const mostSaid = 8;

const hasPicture = ({ content }: ChatMessage): boolean =>
  typeof content !== "string" && content.some(({ type }) => type === "image");

/** The client's own instructions. */
const instructionsOf = (history: readonly ChatMessage[]): string =>
  history
    .filter(({ role }) => role === "system")
    .map(textOf)
    .join("\n\n");

/**
 * Whether the answer could be gone on with elsewhere: it is prose, the client brings no tools and shows no pictures, its
 * instructions are no book, and nothing with effects was done. A confidential question whose content may leave stays here: no job has that consent.
 */
export const canHandOver = (state: AnswerState, { ownTools }: Pick<AnswerDeps, "ownTools">): boolean => {
  const { query, results, thread, permit, history } = state;
  if (!thread || !permit || wantsJson(query) || (query.clientTools?.length ?? 0) > 0) return false;
  if (query.messages.some(({ role }) => role === "tool")) return false;
  if (history.some(hasPicture) || instructionsOf(history).length > longestInstructions) return false;
  if (permit.confidential && permit.class === "full") return false;
  const reading = new Set(ownTools?.list().flatMap(({ name, effect }) => (effect === "read" ? [name] : [])));
  return results.every(
    ({ step }) =>
      step.kind === "service" || step.kind === "recall" || (step.kind === "tool" && reading.has(step.target)),
  );
};

const stepOf = (crew: string, part: number): Omit<Step, "args"> => ({
  ...{ id: handOverStep, kind: "job", target: crew, dependsOn: [] },
  part,
});

/** Whether this request was handed over when it was sent before; then the job that is there answers it. */
export const wasHandedOver = async (
  { query, thread, settled, parts }: AnswerState,
  { crew, isBegun }: HandOver,
): Promise<boolean> => {
  if (!thread || (query.requestKey === undefined && query.messageId === undefined)) return false;
  const key = jobKeyOf({ query, thread, settled, step: stepOf(crew, parts.length) });
  return isBegun(query.principal, key).catch(() => false);
};

/** Begins the job; undefined when it could not be begun. What others wrote is looked through for instructions first. */
export const beginHandOver = async (
  state: AnswerState,
  found: readonly StepResult[],
  runtime: QueryRuntime,
  { crew, run }: HandOver,
): Promise<StepResult | undefined> => {
  const { query, thread, permit, settled, locale, timezone, history, parts, text } = state;
  if (!thread || !permit) return undefined;
  const screen = createScreen({ question: text, toolNames: [] });
  const evidence = screenEvidence([...state.results, ...found], screen);
  const said = history
    .slice(0, -1)
    .filter(({ role }) => role === "user" || role === "assistant")
    .slice(-mostSaid)
    .map((message) => `${message.role}: ${screen.text(textOf(message), "conversation")}`);
  const instructions = instructionsOf(history);
  const step: Step = {
    ...stepOf(crew, parts.length),
    args: {
      question: text,
      ...(instructions === "" ? {} : { instructions }),
      ...(said.length === 0 ? {} : { conversation: said.join("\n").slice(-longestSaid).toWellFormed() }),
      ...(evidence.length === 0
        ? {}
        : {
            found: evidence
              .map((item) => `${item.title} (${item.sourceName}, ${item.observedAt}): ${item.text}`)
              .join("\n")
              .slice(0, longestFound)
              .toWellFormed(),
          }),
    },
  };
  const { results } = await run({ step, query, thread, permit, locale, timezone, settled }, runtime);
  return results.find(({ status }) => status === "ok");
};
