import { randomUUID } from "node:crypto";
import { END, START, StateGraph } from "@langchain/langgraph";
import { QueryState } from "../graphs/state.ts";
import { settingsFromEnvironment } from "../platform/config/settings.ts";
import { createLogger } from "../platform/logging/create-logger.ts";
import { localPrincipal } from "../platform/policy/principal.ts";
import { compose } from "./compose.ts";

const settings = settingsFromEnvironment();
const { queryGraph } = await compose(settings, createLogger(settings));

/**
 * The query graph for LangGraph Studio, on the engine's own data folder. What a surface would fill in (principal, surface,
 * mode) is filled in here, so that `{"query": {"messages": [{"role": "user", "content": "…"}]}}` is enough as input.
 */
export const graph = new StateGraph(QueryState)
  .addNode("fillIn", async ({ query }) => ({
    query: {
      principal: localPrincipal,
      surface: "chat",
      mode: "open",
      consent: false,
      requestId: randomUUID(),
      signal: new AbortController().signal,
      ...query,
    },
  }))
  .addNode("answer", queryGraph)
  .addEdge(START, "fillIn")
  .addEdge("fillIn", "answer")
  .addEdge("answer", END)
  .compile({ name: "query" });
