import { AppError } from "../../platform/errors/app-error.ts";
import { defineRoute, type Route } from "../route.ts";

const refuse = (what: string) => (): never => {
  throw new AppError("NOT_CONFIGURED", `${what} is not served here; use /v1/chat/completions.`, { retryable: false });
};

/** Endpoints of OpenAI's API that clients may try: an honest 501 in its envelope. */
export const createUnservedOpenAiRoutes = (): readonly Route[] =>
  (
    [
      ["post", "/v1/responses", "The Responses API"],
      ["get", "/v1/responses/:id", "The Responses API"],
      ["delete", "/v1/responses/:id", "The Responses API"],
      ["post", "/v1/responses/:id/cancel", "The Responses API"],
      ["get", "/v1/responses/:id/input_items", "The Responses API"],
      ["post", "/v1/completions", "The legacy completions API"],
    ] as const
  ).map(([method, path, what]) =>
    defineRoute({
      method,
      path,
      aliases: [path.slice(3)],
      surface: "openai",
      access: "key",
      summary: `${what}: not served.`,
      replies: { 501: { description: "Not served." } },
      handle: refuse(what),
    }),
  );
