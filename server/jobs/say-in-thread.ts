import { keyedMessageId } from "../../atlas/keyed-message-id.ts";
import type { ThreadChanges } from "../../atlas/thread-changes.ts";
import type { Timeline } from "../../atlas/timeline.ts";
import type { Say } from "../../workflows/jobs/finish-job.ts";

export interface SayInThreadDeps {
  readonly timeline: Pick<Timeline, "thread">;
  readonly threadChanges: Pick<ThreadChanges, "append">;
}

/** What a job says, as a message behind the last one of its thread; where it was said before it stays. */
export const createSayInThread =
  ({ timeline, threadChanges }: SayInThreadDeps): Say =>
  async (threadId, { principal: id, author, key, content, meta }) => {
    const principal = { id, roles: [], profile: "openai" };
    const message = { id: keyedMessageId(threadId, id, key), role: "agent", author, content, meta } as const;
    let { lastPosition } = await timeline.thread(principal, threadId);
    for (;;) {
      const appended = await threadChanges.append({
        principal,
        threadId,
        sincePosition: lastPosition,
        messages: [message],
      });
      if (appended.state === "ok") return;
      lastPosition = appended.expectedPosition; // somebody else said something meanwhile
    }
  };
