import { DefaultFailureConverter } from "@temporalio/common";

/** Messages and stack traces of errors go through the codec too, like values. Both sides load this file by its path. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
