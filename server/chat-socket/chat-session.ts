import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { keyedMessageId } from "../../atlas/keyed-message-id.ts";
import { AppError, isAppError } from "../../platform/errors/app-error.ts";
import type { ChatBackend, ChatCaller, ChatMessage, ChatThread, RefusedNotice } from "./chat-backend.ts";
import type { ChatLimits } from "./chat-limits.ts";
import type { ChatRooms, RoomMember } from "./chat-rooms.ts";
import type { ClientFrame, HelloFrame } from "./client-frames.ts";
import { toErrorFrame } from "./error-frame.ts";
import type { FrameSender } from "./frame-sender.ts";
import { isAddressed } from "./is-addressed.ts";
import { createMessageFeed } from "./message-feed.ts";
import { runAnswer } from "./run-answer.ts";
import { toRefusal } from "./to-refusal.ts";

export interface ChatSessionDeps {
  readonly backend: ChatBackend;
  readonly rooms: ChatRooms;
  readonly sender: FrameSender;
  readonly limits: ChatLimits;
  readonly logger: Logger;
  readonly caller: ChatCaller;
}

/** One client that has said who it is and which thread it is on. */
export interface ChatSession {
  handle(frame: Exclude<ClientFrame, HelloFrame>): void;
  /** The last position that was sent. */
  readonly position: number;
  /** The client is gone; answers under way go on for a while. */
  leave(): void;
  /** Resolves when no answer is under way. */
  settled(): Promise<void>;
}

/** Edits that were committed a moment before the client's time are looked for too. */
const overlapMs = 10_000;
const mostChanged = 500;
const mostRefs = 1_000;

/**
 * Takes a client into its thread: `welcome`, then what it missed, then what happens.
 * @throws {AppError} NOT_FOUND for a channel or thread that is missing or another's.
 */
export const openChatSession = async (deps: ChatSessionDeps, hello: HelloFrame): Promise<ChatSession> => {
  const { backend, rooms, sender, limits, logger, caller } = deps;
  /** What the client calls its messages, by their ids; the newest ones. */
  const refs = new Map<string, string>();
  const tellRefused = (notice: RefusedNotice): void =>
    void sender.send(toErrorFrame(toRefusal(notice), logger, randomUUID(), refs.get(notice.messageId)));
  /** Whoever comes back is told too: it may have been refused while they were away. */
  const tellAllRefused = async (threadId: string): Promise<void> => {
    const notices = await backend.refused?.(caller, threadId).catch(() => []);
    for (const notice of notices ?? []) tellRefused(notice);
  };
  const thread: ChatThread = await backend
    .enter(caller, { channel: hello.channel ?? undefined, threadId: hello.thread_id ?? undefined })
    .catch(async (error: unknown) => {
      // One's own messages are told of also when the thread is gone.
      if (isAppError(error, "NOT_FOUND") && hello.thread_id) await tellAllRefused(hello.thread_id.toLowerCase());
      throw error;
    });
  const resumeFrom = hello.resume_from ?? thread.lastPosition;
  const feed = createMessageFeed({
    backend,
    caller,
    threadId: thread.id,
    sender,
    // A position that the thread does not have was not seen.
    after: Math.min(resumeFrom, thread.lastPosition),
    refOf: (id) => refs.get(id),
  });
  const member: RoomMember = {
    feed,
    typing: (author) => sender.mention({ type: "typing", author }),
    refused(author, notice) {
      if (author === caller.id) tellRefused(notice);
    },
  };
  // Joined before anything is read: what is said from here on is heard.
  const leaveRoom = rooms.join(thread, member);
  const answers = new Map<string, AbortController>();
  const underWay = new Set<Promise<void>>();
  let writes: Promise<unknown> = Promise.resolve();
  let waitingWrites = 0;
  let gone = false;

  const welcome = async (): Promise<void> => {
    await sender.send({
      type: "welcome",
      position: thread.lastPosition,
      thread_id: thread.id,
      channel: thread.channelId,
      kind: thread.kind,
      mode: thread.mode,
      principal: caller.id,
      time: new Date().toISOString(),
    });
    await tellAllRefused(thread.id);
    if (!hello.changed_since || typeof hello.resume_from !== "number") return;
    const time = new Date(Date.parse(hello.changed_since) - overlapMs);
    const changed = await backend.changed(caller, thread.id, { upTo: feed.position, time });
    await feed.sendAgain(changed.slice(0, mostChanged));
  };
  try {
    await welcome();
  } catch (error) {
    leaveRoom(); // nobody else would: there is no session yet
    throw error;
  }
  void feed.catchUp();

  const track = (work: Promise<void>): void => {
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
  };

  const guarded = async (ref: string | undefined, work: (requestId: string) => Promise<void>): Promise<void> => {
    const requestId = randomUUID();
    try {
      await work(requestId);
    } catch (error) {
      await sender.send(toErrorFrame(error, logger, requestId, ref));
    }
  };

  /** One after the other: what a client says in order lies in the thread in order. */
  const inOrder = (ref: string | null | undefined, work: (requestId: string) => Promise<void>): void => {
    if (waitingWrites >= limits.waitingFrames) {
      const refusal = new AppError("RATE_LIMITED", "Too many messages wait to be stored.");
      sender.mention(toErrorFrame(refusal, logger, randomUUID(), ref ?? undefined));
      return;
    }
    waitingWrites += 1;
    const done = writes.then(() => guarded(ref ?? undefined, work)).finally(() => (waitingWrites -= 1));
    writes = done;
    track(done);
  };

  const checkLength = (text: string): void => {
    if (text.length <= limits.textChars) return;
    throw new AppError("TOO_LARGE", `A message has at most ${limits.textChars} characters.`, { field: "text" });
  };

  const ask = (message: ChatMessage, requestId: string): Promise<void> => {
    if (answers.size >= limits.answers) {
      throw new AppError("RATE_LIMITED", `At most ${limits.answers} answers at once for one connection.`);
    }
    if (answers.has(message.key)) {
      throw new AppError("CONFLICT", "This message is being answered.", { retryable: true });
    }
    const control = new AbortController();
    answers.set(message.key, control);
    const accepted = Promise.withResolvers<void>();
    const answer = guarded(message.key, () =>
      runAnswer({
        backend,
        caller,
        thread,
        message,
        requestId,
        signal: control.signal,
        sender,
        feed,
        onAccepted: accepted.resolve,
      }),
    ).finally(() => {
      answers.delete(message.key);
      accepted.resolve();
    });
    track(answer);
    return accepted.promise;
  };

  const say = async (message: ChatMessage, requestId: string): Promise<void> => {
    checkLength(message.text);
    refs.set(keyedMessageId(thread.id, caller.id, message.key), message.key);
    if (refs.size > mostRefs) refs.delete(refs.keys().next().value!);
    if (isAddressed(thread, message)) return ask(message, requestId);
    await backend.say(caller, thread, message);
    void feed.catchUp(); // not waited for: many that come together are read together
  };

  return {
    get position() {
      return feed.position;
    },
    handle(frame) {
      switch (frame.type) {
        case "message": {
          const key = frame.id ?? randomUUID();
          return inOrder(key, (requestId) => say({ ...frame, key }, requestId));
        }
        case "edit":
          return inOrder(frame.id, async () => {
            checkLength(frame.text);
            await backend.edit(caller, thread.id, frame.message_id, frame.text);
          });
        case "delete":
          return inOrder(frame.id, () => backend.remove(caller, thread.id, frame.message_id));
        case "typing":
          return rooms.typing(thread.id, caller.id, member);
        case "abort": {
          const stopped = frame.id ? [answers.get(frame.id)] : [...answers.values()];
          for (const control of stopped) control?.abort();
        }
      }
    },
    leave() {
      if (gone) return;
      gone = true;
      leaveRoom();
      if (answers.size === 0) return;
      // Whoever comes back in time finds the answer; for nobody it is not worth its price.
      setTimeout(() => {
        if (rooms.isEmpty(thread.id)) for (const control of answers.values()) control.abort();
      }, limits.abandonedMs).unref();
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
};
