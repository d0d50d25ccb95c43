import { randomUUID } from "node:crypto";
import { END, START, StateGraph } from "@langchain/langgraph";
import { QueryState } from "../graphs/state.ts";
import type { QueryContext, QueryInput } from "../nodes/query.ts";
import { secretValues } from "../platform/config/secret-values.ts";
import { type Settings, settingsFromEnvironment } from "../platform/config/settings.ts";
import { createLogger } from "../platform/logging/create-logger.ts";
import { localPrincipal } from "../platform/policy/principal.ts";
import { compose } from "./compose.ts";

const settings = settingsFromEnvironment();
const { queryGraph } = await compose(
  settings,
  createLogger({ level: settings.LOG_LEVEL, secrets: secretValues(settings) }),
);

const filledIn = (): Omit<QueryInput, "messages"> => ({
  principal: localPrincipal,
  surface: "chat",
  mode: "open",
  consent: false,
  requestId: randomUUID(),
  signal: new AbortController().signal,
});

/** What `createQueryEngine` gives each request; nobody watches a run in Studio from inside. */
const contextOf = ({ ATHENA_DEADLINE_SECONDS }: Settings): QueryContext => {
  const startedAt = performance.now();
  return {
    signal: new AbortController().signal,
    queryId: randomUUID(),
    now: new Date(),
    startedAt,
    deadlineAt: startedAt + ATHENA_DEADLINE_SECONDS * 1_000,
    emit: undefined,
    progress: {},
  };
};

/**
 * The query graph for LangGraph Studio, on the engine's own data folder. What a surface would fill in (principal, surface,
 * mode) is filled in here, so that `{"query": {"messages": [{"role": "user", "content": "…"}]}}` is enough as input.
 */
export const graph = new StateGraph(QueryState)
  .addNode("fillIn", async ({ query }) => ({
    query: { ...filledIn(), ...query },
  }))
  .addNode("answer", ({ query }) => queryGraph.invoke({ query }, { context: contextOf(settings) }), {
    subgraphs: [queryGraph],
  })
  .addEdge(START, "fillIn")
  .addEdge("fillIn", "answer")
  .addEdge("answer", END)
  .compile({ name: "query" });
