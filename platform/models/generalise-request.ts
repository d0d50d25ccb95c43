import { AppError } from "../errors/app-error.ts";
import type { ProviderRequest } from "./provider.ts";

const instructions =
  "You help an assistant whose user's words are private, so you only get features of the question: what it asks for and public values in it. " +
  "Answer in general terms, in the language named. Do not ask who the user is, and do not make up figures, names or events.";

/**
 * The request as it may go to a provider that is not local in class `generalised`: nothing of the conversation, only the
 * features that the privacy gate made. Tools stay behind with their descriptions; how to sample goes along.
 * @throws {AppError} EGRESS_BLOCKED when there are no features, or only tools or a shape of the caller's own would do.
 */
export const generaliseRequest = (request: ProviderRequest, features: string | undefined): ProviderRequest => {
  const { tools, toolChoice, parallelToolCalls, responseFormat, stop, ...rest } = request;
  const needsTools = toolChoice === "required" || typeof toolChoice === "object";
  if (features === undefined || needsTools || responseFormat?.type === "json_schema") {
    throw new AppError(
      "EGRESS_BLOCKED",
      "Only general features of this query may leave, and they do not make this request.",
    );
  }
  return {
    ...rest,
    ...(responseFormat && { responseFormat }),
    messages: [
      { role: "system", content: instructions },
      { role: "user", content: features },
    ],
  };
};
