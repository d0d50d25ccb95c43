import { ReducedValue, StateSchema } from "@langchain/langgraph";
import { z } from "zod";
import type { Thread } from "../atlas/timeline.ts";
import type { Draft, QueryContext, QueryInput, Settled, Step, StepResult } from "../nodes/query.ts";
import type { IntentPart } from "../nodes/understanding/understood-query.ts";
import type { EgressPermit } from "../platform/egress/egress.ts";
import type { Degraded, Evidence } from "../platform/evidence/evidence.ts";
import type { ChatMessage } from "../platform/models/model-gateway.ts";

const appended = <Item extends z.ZodType>(item: Item) =>
  new ReducedValue(
    z.array(item).default(() => []),
    { reducer: (before, more) => before.concat(more) },
  );

/**
 * Everything one query is made of while it travels. Never checkpointed: history lives in the timeline. What nodes make is
 * typed and not parsed again at every step; what comes from outside was parsed at its edge.
 */
export const QueryState = new StateSchema({
  query: z.custom<QueryInput>(),
  thread: z.custom<Thread>().optional(),
  settled: z.custom<Settled>().optional(),
  history: z.array(z.custom<ChatMessage>()).default(() => []),
  /** The user's words of this turn. */
  text: z.string().default(""),
  permit: z.custom<EgressPermit>().optional(),
  receipt: z.array(z.custom<object>()).default(() => []),
  locale: z.string().default("en"),
  timezone: z.string().default("UTC"),
  parts: z.array(z.custom<IntentPart>()).default(() => []),
  steps: z.array(z.custom<Step>()).default(() => []),
  results: appended(z.custom<StepResult>()),
  evidence: z.array(z.custom<Evidence>()).default(() => []),
  /** An earlier turn that waited for the client's tools goes on: its parts and results are already here. */
  resumed: z.boolean().default(false),
  /** The model's own messages of this turn and what its tools gave it; in place of what the request has after the user's message. */
  transcript: z.array(z.custom<ChatMessage>()).default(() => []),
  draft: z.custom<Draft>().optional(),
  attempts: z.number().default(0),
  violations: appended(z.string()),
  degraded: appended(z.custom<Degraded>()),
  timings: new ReducedValue(
    z.record(z.string(), z.number()).default(() => ({})),
    { reducer: (before, more) => ({ ...before, ...more }) },
  ),
});

/** What belongs to one request and is not state. */
export const QueryContextSchema = z.object({
  signal: z.custom<AbortSignal>(),
  queryId: z.string(),
  now: z.date(),
  startedAt: z.number(),
  deadlineAt: z.number(),
  emit: z.custom<QueryContext["emit"]>(),
  progress: z.custom<QueryContext["progress"]>(),
});
