import type { Channels } from "../../atlas/channels.ts";
import { keyedMessageId } from "../../atlas/keyed-message-id.ts";
import type { ThreadChanges } from "../../atlas/thread-changes.ts";
import type { Thread, Timeline } from "../../atlas/timeline.ts";
import { AppError, isAppError } from "../../platform/errors/app-error.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import { toThreadId } from "../chat/query-control.ts";
import type { ChatThread } from "./chat-backend.ts";

export interface EnterThreadDeps {
  readonly timeline: Pick<Timeline, "thread">;
  readonly threadChanges: Pick<ThreadChanges, "create">;
  readonly channels: Pick<Channels, "find">;
}

export interface Where {
  readonly channel?: string | undefined;
  readonly threadId?: string | undefined;
}

/** Each channel has one thread that its clients are on unless they name another; its id follows from the channel's. */
const liveThreadId = (channelId: string): string => keyedMessageId("live", channelId, "thread");

/**
 * Finds the thread of that id, or the channel's live one, which is made when it is not there.
 * @throws {AppError} NOT_FOUND for a thread or channel that is missing or another's.
 */
export const createEnterThread = ({ timeline, threadChanges, channels }: EnterThreadDeps) => {
  const liveThread = async (principal: Principal, channelId: string): Promise<Thread> => {
    const id = liveThreadId(channelId);
    try {
      return await timeline.thread(principal, id);
    } catch (error) {
      if (!isAppError(error, "NOT_FOUND")) throw error;
      return threadChanges.create({ principal, id, channelId });
    }
  };

  return async (principal: Principal, { channel, threadId }: Where): Promise<ChatThread> => {
    const own = `direct:${principal.id}`;
    const channelId = channel === undefined || channel === "direct" ? undefined : channel;
    const thread =
      threadId === undefined
        ? await liveThread(principal, channelId ?? own)
        : await timeline.thread(principal, toThreadId(threadId));
    if (threadId !== undefined && channel !== undefined && thread.channelId !== (channelId ?? own)) {
      throw new AppError("NOT_FOUND", "There is no such thread.");
    }
    const common = { id: thread.id, channelId: thread.channelId, mode: thread.mode, lastPosition: thread.lastPosition };
    // A thread can be seen by more than its channel: a team's thread in somebody's direct channel.
    if (thread.channelId.startsWith("direct:")) return { ...common, kind: "direct", agents: [] };
    const { kind, agents } = await channels.find(principal, thread.channelId);
    return { ...common, kind, agents };
  };
};
