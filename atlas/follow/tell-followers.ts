import type { ThreadChanges } from "../thread-changes.ts";
import type { Timeline } from "../timeline.ts";
import type { Follower } from "./follower.ts";

type Hinted = readonly Pick<Follower, "hint">[];

const hintAll = (followers: Hinted, threadId: string): void => {
  for (const follower of followers) follower.hint(threadId);
};

/** A timeline whose writes are told to the followers once they are committed. */
export const tellFollowers = (timeline: Timeline, followers: Hinted): Timeline => ({
  ...timeline,
  async open(request) {
    const opened = await timeline.open(request);
    hintAll(followers, opened.thread.id);
    return opened;
  },
  async close(request) {
    const messages = await timeline.close(request);
    hintAll(followers, request.thread.id);
    return messages;
  },
});

/** The same for batches, edits and deletions. */
export const tellFollowersOfChanges = (changes: ThreadChanges, followers: Hinted): ThreadChanges => ({
  ...changes,
  async append(request) {
    const appended = await changes.append(request);
    hintAll(followers, request.threadId);
    return appended;
  },
  async edit(request) {
    const message = await changes.edit(request);
    hintAll(followers, request.threadId);
    return message;
  },
  async remove(request) {
    const message = await changes.remove(request);
    hintAll(followers, request.threadId);
    return message;
  },
});
