import type { Thread } from "../../atlas/timeline.ts";
import type { QueryContext, QueryRuntime, Step } from "../../nodes/query.ts";
import type { StepState } from "../../nodes/step-state.ts";
import type { Say } from "../../nodes/wording.ts";
import { permitOf } from "./permit.ts";
import { queryOf } from "./stub-engine.ts";

/** The moment at which the steps of tests run. */
export const testNow = new Date("2026-11-21T10:00:00Z");

/** Says the key and what it is about instead of a sentence of the registry. */
export const sayKey: Say = (key, _locale, values) => [key, values?.what ?? values?.tool].filter(Boolean).join(":");

export const threadOf = (more: Partial<Thread> = {}): Thread => ({
  id: "thread",
  channelId: "direct",
  owner: "local",
  scope: "personal",
  mode: "open",
  createdAt: testNow.toISOString(),
  lastPosition: 1,
  meta: {},
  ...more,
});

/** What a node that runs one step gets, in an open thread. */
export const stepStateOf = (step: Partial<Step>, more: Partial<StepState> = {}): StepState => ({
  step: { id: "s1", kind: "service", target: "weather", args: {}, dependsOn: [], part: 0, ...step },
  query: queryOf("How cold is it?"),
  thread: threadOf(),
  permit: permitOf("full", false),
  locale: "en",
  timezone: "Europe/Warsaw",
  ...more,
});

/** A request's runtime that nobody watches. */
export const runtimeOf = (more: Partial<QueryContext> = {}): QueryRuntime & { readonly context: QueryContext } => ({
  context: {
    signal: new AbortController().signal,
    queryId: "query-1",
    now: testNow,
    startedAt: performance.now(),
    deadlineAt: performance.now() + 5_000,
    emit: undefined,
    progress: {},
    ...more,
  },
});
