import type { Surface } from "../route.ts";

const openAiAlias = /^\/(?:chat\/completions|completions|embeddings|models|responses)(?:[/?]|$)/;

/** Whose envelope a path gets before, or without, a matching route. */
export const surfaceOfPath = (path: string): Surface => {
  if (path.startsWith("/v1/") || path === "/v1" || openAiAlias.test(path)) return "openai";
  if (path.includes("/api/")) return "ollama";
  return "native";
};
