import { AppError } from "../errors/app-error.ts";

/** How long a caller should wait while a database restarts or a connection is made anew. */
const retryAfterSeconds = 2;

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

/** SQLSTATE classes 08 (connection), 53 (out of connections, memory or disk), 58 (its files), and a server that goes down or comes up. */
const unavailableState = /^(?:(?:08|53|58)...|57P0[1-5])$/;
const brokenSocket = new Set([
  "ECONNRESET",
  "ECONNREFUSED",
  "EPIPE",
  "ENOENT",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);
/** The driver has no codes for these. */
const brokenDriver =
  /^(?:Connection terminated|Client has encountered|Client was closed|Query read timeout|timeout exceeded)/;

const unavailable = (cause: unknown): AppError =>
  new AppError("DATABASE_UNAVAILABLE", "The database cannot be reached.", { cause, retryAfterSeconds });

/** What a failed statement means: DATABASE_UNAVAILABLE when the connection or the server is at fault, else the driver's own error. */
export const mapStatementError = (error: unknown): unknown => {
  const code = codeOf(error);
  const broken =
    unavailableState.test(code) ||
    brokenSocket.has(code) ||
    (code === "" && error instanceof Error && brokenDriver.test(error.message));
  return broken ? unavailable(error) : error;
};

/** What a connection that could not be made means: CONFIG_INVALID when the address is wrong, else DATABASE_UNAVAILABLE. */
export const mapConnectError = (error: unknown): AppError => {
  const code = codeOf(error);
  if (code.startsWith("28")) {
    return new AppError("CONFIG_INVALID", "The database refuses the user or password of DATABASE_URL.", {
      cause: error,
    });
  }
  if (code === "3D000") {
    return new AppError("CONFIG_INVALID", "The database that DATABASE_URL names does not exist.", { cause: error });
  }
  return unavailable(error);
};
