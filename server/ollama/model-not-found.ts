import { AppError } from "../../platform/errors/app-error.ts";

/** What Ollama says of a model nobody serves. */
export const ollamaModelNotFound = (name: string): AppError =>
  new AppError("MODEL_NOT_FOUND", `model '${name.slice(0, 200)}' not found`, { field: "model" });
