import { keyedMessageId } from "../../atlas/keyed-message-id.ts";
import type { Timeline } from "../../atlas/timeline.ts";
import type { JobDeskDeps } from "../../workflows/jobs/create-job-desk.ts";

/** Conversations of jobs. That the principal may write there is found out by opening them. */
export const createOpenJobThread =
  (timeline: Pick<Timeline, "open">): JobDeskDeps["openThread"] =>
  async ({ principal, threadId, key, mode, title }) => {
    const { thread } = await timeline.open({
      principal,
      mode,
      messages: [],
      ...(threadId === undefined
        ? {
            meta: { title },
            ...(key === undefined ? {} : { threadId: keyedMessageId("jobs", principal.id, key), create: true }),
          }
        : { threadId }),
    });
    return { id: thread.id, mode: thread.mode };
  };
