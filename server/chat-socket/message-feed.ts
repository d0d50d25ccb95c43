import { setTimeout as delay } from "node:timers/promises";
import { isAppError } from "../../platform/errors/app-error.ts";
import type { ChatBackend, ChatCaller, WireMessage } from "./chat-backend.ts";
import type { FrameSender } from "./frame-sender.ts";

export interface MessageFeedDeps {
  readonly backend: Pick<ChatBackend, "messages">;
  readonly caller: ChatCaller;
  readonly threadId: string;
  readonly sender: FrameSender;
  /** The last position that the client has. */
  readonly after: number;
  /** What the client calls a message of its own. */
  readonly refOf: (messageId: string) => string | undefined;
}

/** What one client is sent of its thread: every position once and in order, read under its own rights. */
export interface MessageFeed {
  /** The last position that was sent. */
  readonly position: number;
  /** Sends what is new. Resolves when it is sent, the client is gone, or nothing can be read for now. */
  catchUp(): Promise<void>;
  /** The same, and sends again what lies at a position. */
  catchUpWithChange(position: number): Promise<void>;
  /** Sends what the client has in an earlier state. */
  sendAgain(messages: readonly WireMessage[]): Promise<void>;
}

const pageSize = 100;
const retryMs = 1_000;
const mostSent = 1_000;

/**
 * Sends a client what its thread gains, from a position on. A note only says that there is something to read: what is sent is
 * read from the thread, so that a lost or doubled note changes nothing, and a client that reads slowly is simply behind.
 */
export const createMessageFeed = ({
  backend,
  caller,
  threadId,
  sender,
  after,
  refOf,
}: MessageFeedDeps): MessageFeed => {
  let position = after;
  let wanted = 0;
  let running: Promise<void> | undefined;
  const changed = new Set<number>();
  const pendingSent = new Set<string>();
  /** The newest ones that lie in the thread: what waits at a front may be there already. */
  const sent = new Set<string>();

  const send = (message: WireMessage, pending = false): Promise<void> => {
    const ref = refOf(message.id);
    return sender.send({
      type: "message",
      thread_id: threadId,
      ...message,
      ...(pending ? { position: null, pending: true as const } : {}),
      ...(ref === undefined ? {} : { ref }),
    });
  };

  const sendChanged = async (): Promise<void> => {
    for (const place of changed) {
      // One that was not sent yet comes as it is now.
      if (place <= position) {
        const { messages } = await backend.messages(caller, threadId, { after: place - 1, limit: 1 });
        if (messages[0]?.position === place) await send(messages[0]);
      }
      changed.delete(place);
    }
  };

  const sendNew = async (): Promise<void> => {
    for (let more = true; more && sender.open; ) {
      const page = await backend.messages(caller, threadId, { after: position, limit: pageSize });
      for (const message of page.messages) {
        await send(message);
        position = message.position;
        pendingSent.delete(message.id);
        sent.add(message.id);
        if (sent.size > mostSent) sent.delete(sent.keys().next().value!);
      }
      more = page.more;
      if (more) continue;
      for (const message of page.pending ?? []) {
        if (pendingSent.has(message.id) || sent.has(message.id)) continue;
        pendingSent.add(message.id);
        await send(message, true);
      }
    }
  };

  const run = async (): Promise<void> => {
    try {
      for (let done = 0; done < wanted && sender.open; ) {
        const until = wanted;
        await sendChanged();
        await sendNew();
        done = until;
      }
    } catch (error) {
      if (isAppError(error, "NOT_FOUND")) sender.close("gone");
      else if (!isAppError(error) || !error.retryable) sender.close("failed");
      // Whoever waits for this feed must not wait for the database.
      else void delay(retryMs, undefined, { ref: false }).then(() => feed.catchUp());
    } finally {
      running = undefined; // at once with the last look at `wanted`, so that no wish falls in between
    }
  };

  const feed: MessageFeed = {
    get position() {
      return position;
    },
    catchUp() {
      wanted += 1;
      running ??= run();
      return running;
    },
    catchUpWithChange(place) {
      changed.add(place);
      return feed.catchUp();
    },
    async sendAgain(messages) {
      for (const message of messages) await send(message);
    },
  };
  return feed;
};
