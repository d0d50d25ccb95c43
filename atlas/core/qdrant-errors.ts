/** The HTTP status of an error of Qdrant's client. */
export const statusOf = (error: unknown): unknown =>
  typeof error === "object" && error !== null && "status" in error ? error.status : undefined;

/** Whether Qdrant says that a collection is not there. */
export const isMissing = (error: unknown): boolean => statusOf(error) === 404;
