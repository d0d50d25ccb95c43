import { createOllamaAnswer, type OllamaAnswerDeps } from "../ollama/answer.ts";
import { chatShape, generateShape, OllamaChatReply, OllamaGenerateReply } from "../ollama/answer-shape.ts";
import { OllamaChatRequest, OllamaGenerateRequest } from "../ollama/requests.ts";
import { chatToTurn, generateToTurn } from "../ollama/to-chat-turn.ts";
import { defineRoute, type Route } from "../route.ts";

/** POST /api/chat and POST /api/generate. */
export const createOllamaChatRoutes = (deps: OllamaAnswerDeps): readonly Route[] => {
  const answer = createOllamaAnswer(deps);
  return [
    defineRoute({
      method: "post",
      path: "/api/chat",
      surface: "ollama",
      access: "key",
      summary: "Answers a conversation, as lines of JSON unless `stream` is false.",
      body: OllamaChatRequest,
      replies: {
        200: {
          description: "The answer.",
          content: { "application/json": OllamaChatReply, "application/x-ndjson": OllamaChatReply },
        },
      },
      handle(call) {
        const { body, request } = call;
        const isEmpty = (body.messages ?? []).length === 0;
        const toTurn = isEmpty ? undefined : chatToTurn.bind(undefined, body, request.headers);
        return answer({ call, shape: chatShape, toTurn });
      },
    }),
    defineRoute({
      method: "post",
      path: "/api/generate",
      surface: "ollama",
      access: "key",
      summary: "Answers a prompt, as lines of JSON unless `stream` is false.",
      body: OllamaGenerateRequest,
      replies: {
        200: {
          description: "The answer.",
          content: { "application/json": OllamaGenerateReply, "application/x-ndjson": OllamaGenerateReply },
        },
      },
      handle(call) {
        const { body, request } = call;
        const toTurn = body.prompt ? generateToTurn.bind(undefined, body, request.headers) : undefined;
        return answer({ call, shape: generateShape, toTurn });
      },
    }),
  ];
};
