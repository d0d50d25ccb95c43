import { AppError } from "../../platform/errors/app-error.ts";
import type { ChatBackend, ChatCaller, ChatMessage, ChatThread } from "./chat-backend.ts";
import type { FrameSender } from "./frame-sender.ts";
import type { MessageFeed } from "./message-feed.ts";

export interface RunAnswerDeps {
  readonly backend: Pick<ChatBackend, "ask">;
  readonly caller: ChatCaller;
  readonly thread: ChatThread;
  readonly message: ChatMessage;
  readonly requestId: string;
  readonly signal: AbortSignal;
  readonly sender: FrameSender;
  readonly feed: MessageFeed;
  /** Told when the message is durable. */
  readonly onAccepted: () => void;
}

/**
 * Asks and sends what comes: `delta`s, the answer as a `message`, `degraded`, `receipt`, `done`.
 * @throws {AppError} as the backend's; CLIENT_CLOSED when it was stopped.
 */
export const runAnswer = async ({
  backend,
  caller,
  thread,
  message,
  requestId,
  signal,
  sender,
  feed,
  onAccepted,
}: RunAnswerDeps): Promise<void> => {
  const ref = message.key;
  const asked = await backend
    .ask(caller, thread, message, {
      requestId,
      signal,
      async onEvent(event) {
        if (event.type === "accepted") {
          onAccepted();
          await feed.catchUp();
        } else {
          const { type, text } = event;
          await sender.send({ type: "delta", ref, text, ...(type === "reasoning" ? { reasoning: true } : {}) });
        }
      },
    })
    .catch(async (error: unknown) => {
      await feed.catchUp(); // what was shown is kept, and comes as a message
      throw signal.aborted ? new AppError("CLIENT_CLOSED", "Stopped; what was shown is kept.") : error;
    });
  await feed.catchUp();
  if (asked.state === "refused") throw new AppError("EGRESS_BLOCKED", asked.message);
  if (asked.state === "kept") {
    return sender.send({ type: "degraded", ref, part: asked.part, reason: asked.reason });
  }
  const { reply, answered, receipt, replayed } = asked;
  for (const { part, reason } of reply.degraded) await sender.send({ type: "degraded", ref, part, reason });
  if (receipt) {
    const lines = receipt as readonly Record<string, unknown>[];
    await sender.send({ type: "receipt", ref, egress: reply.egress, lines: [...lines] });
  }
  await sender.send({
    type: "done",
    ref,
    ...reply,
    ...(answered ? { answer_id: answered.messageId, answer_position: answered.position } : {}),
    ...(replayed ? { replayed: true } : {}),
  });
};
