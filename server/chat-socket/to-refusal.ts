import { AppError } from "../../platform/errors/app-error.ts";
import { type ErrorCode, errorCodes } from "../../platform/errors/error-codes.ts";
import type { RefusedNotice } from "./chat-backend.ts";

const why: Partial<Record<ErrorCode, string>> = {
  TOO_LARGE: "it is too large",
  NOT_FOUND: "its thread is not there any more, or you may not see it any more",
  POLICY_DENIED: "you may not write to its thread",
  CONFLICT: "its thread takes no messages any more",
  INVALID_INPUT: "it is not as a message has to be",
};

/** What the author of a message is told that was taken and then refused for good; `message_id` says which one. */
export const toRefusal = ({ messageId, code }: RefusedNotice): AppError => {
  const known = code !== undefined && code in errorCodes ? (code as ErrorCode) : "CONFLICT";
  const reason = code === undefined ? "" : why[known];
  return new AppError(
    known,
    `This message was kept, but will not be in the thread: the engine refuses it${reason ? `, because ${reason}` : ""}. An operator can try it again.`,
    { retryable: false, facts: { message_id: messageId } },
  );
};
