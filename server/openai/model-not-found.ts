import { AppError } from "../../platform/errors/app-error.ts";

/** What OpenAI's clients expect for a model nobody serves. */
export const modelNotFound = (name: string): AppError =>
  new AppError("MODEL_NOT_FOUND", `The model '${name.slice(0, 200)}' does not exist. GET /v1/models lists what does.`, {
    field: "model",
  });
