import { basename } from "node:path";
import { isAppError } from "../errors/app-error.ts";

const codeOf = (error: Error): string =>
  "code" in error && typeof error.code === "string" && /^\w{1,40}$/.test(error.code) ? ` ${error.code}` : "";

const placeOf = (error: Error): string => {
  const [, path, line] =
    /(?:file:\/\/|\()?(\/[^\s():]+):(\d+):\d+\)?$/m.exec((error.stack ?? "").slice(0, 4_000)) ?? [];
  return path === undefined ? "" : ` at ${basename(path)}:${line}`;
};

/**
 * What may be stored of a failure: an AppError's code and sentence; of others the kind, the code and the place, because
 * their messages can quote content.
 */
export const summariseError = (error: unknown): string => {
  if (isAppError(error)) return `${error.code}: ${error.message}`.slice(0, 500);
  if (error instanceof Error) return `${error.name}${codeOf(error)}${placeOf(error)}`.slice(0, 500);
  return "something that is no error was thrown";
};
