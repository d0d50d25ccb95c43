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

/** Others were in the way (serialisation, deadlock, a lock that is not waited for): the server undid the transaction. */
const busyState: ReadonlySet<string> = new Set(["40001", "40P01", "55P03"]);
/** The server gave a statement up, because it took too long or somebody told it to. */
const givenUpState = "57014";

/** Whether the connection cannot be used any more, and it is unknown what became of the statement. */
export const isConnectionBroken = (error: unknown): boolean => {
  const code = codeOf(error);
  return (
    unavailableState.test(code) ||
    brokenSocket.has(code) ||
    (code === "" && error instanceof Error && brokenDriver.test(error.message))
  );
};

/**
 * What a failed statement means, where it may succeed another time: DATABASE_UNAVAILABLE when connection or server are at fault,
 * or others were in the way; DEADLINE_EXCEEDED when it was given up. Else the driver's own error.
 */
export const mapStatementError = (error: unknown): unknown => {
  if (isConnectionBroken(error)) return unavailable(error);
  const code = codeOf(error);
  if (busyState.has(code)) {
    return new AppError("DATABASE_UNAVAILABLE", "The database was busy with the same rows; nothing was changed.", {
      cause: error,
    });
  }
  if (code === givenUpState) {
    return new AppError("DEADLINE_EXCEEDED", "The database did not answer in time; nothing was changed.", {
      cause: error,
    });
  }
  return error;
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
