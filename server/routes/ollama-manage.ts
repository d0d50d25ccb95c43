import { z } from "zod";
import { AppError } from "../../platform/errors/app-error.ts";
import type { ModelDirectory } from "../chat/model-directory.ts";
import { ollamaModelNotFound } from "../ollama/model-not-found.ts";
import { OllamaPullRequest } from "../ollama/requests.ts";
import { defineRoute, type Route } from "../route.ts";

const PullReply = z.object({ status: z.string() });

const unserved = (
  [
    ["delete", "/api/delete"],
    ["post", "/api/copy"],
    ["post", "/api/create"],
    ["post", "/api/push"],
  ] as const
).map(([method, path]) =>
  defineRoute({
    method,
    path,
    surface: "ollama",
    access: "key",
    summary: "Models are not managed here.",
    replies: { 501: { description: "Not served." } },
    handle() {
      throw new AppError("NOT_CONFIGURED", "Models are not managed through Athena; use the provider itself.");
    },
  }),
);

/** POST /api/pull says truthfully whether a model is there; the other management routes are refused in Ollama's words. */
export const createOllamaManageRoutes = ({ directory }: { readonly directory: ModelDirectory }): readonly Route[] => [
  defineRoute({
    method: "post",
    path: "/api/pull",
    surface: "ollama",
    access: "key",
    summary: "Succeeds for a model that is served; nothing is ever fetched.",
    body: OllamaPullRequest,
    replies: {
      200: {
        description: "The model is there.",
        content: { "application/json": PullReply, "application/x-ndjson": PullReply },
      },
    },
    async handle({ response, body }) {
      const name = body.model || body.name || "";
      if ((await directory.find(name)) === undefined) throw ollamaModelNotFound(name);
      if (body.stream === false) response.json({ status: "success" });
      else response.setHeader("Content-Type", "application/x-ndjson").end('{"status":"success"}\n');
    },
  }),
  ...unserved,
];
