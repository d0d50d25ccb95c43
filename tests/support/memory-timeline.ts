import { randomUUID } from "node:crypto";
import type { Message, NewMessage, QueryLogRow, Thread, Timeline } from "../../atlas/timeline.ts";
import { AppError } from "../../platform/errors/app-error.ts";

/** A timeline in memory that keeps its state: the parts of the contract that the graph and the edge use. */
export const createMemoryTimeline = () => {
  const threads = new Map<string, { thread: Thread; messages: Message[] }>();
  const logs: QueryLogRow[] = [];
  const append = (id: string, messages: readonly NewMessage[]): Message[] => {
    const entry = threads.get(id);
    if (!entry) throw new AppError("NOT_FOUND", "There is no such thread.");
    const added = messages.map((message, index) => ({
      ...message,
      meta: message.meta ?? {},
      id: randomUUID(),
      threadId: id,
      position: entry.messages.length + index + 1,
      createdAt: new Date().toISOString(),
    }));
    entry.messages.push(...added);
    return added;
  };
  const owned = (owner: string, id: string) => {
    const entry = threads.get(id);
    if (!entry || entry.thread.owner !== owner) throw new AppError("NOT_FOUND", "There is no such thread.");
    return entry;
  };
  const timeline: Timeline = {
    async open({ principal, threadId, create = false, mode, scope, messages }) {
      const id = threadId ?? randomUUID();
      if (threadId === undefined || (create && !threads.has(id))) {
        const thread: Thread = {
          id,
          channelId: "direct",
          owner: principal.id,
          scope: scope ?? "personal",
          mode,
          createdAt: new Date().toISOString(),
          lastPosition: 0,
          meta: {},
        };
        threads.set(id, { thread, messages: [] });
      }
      const entry = owned(principal.id, id);
      if (mode === "confidential") entry.thread = { ...entry.thread, mode };
      return { thread: entry.thread, messages: append(id, messages) };
    },
    async close({ thread, messages, log }) {
      logs.push(log);
      return append(thread.id, messages);
    },
    thread: async (principal, id) => owned(principal.id, id).thread,
    threads: async (principal, { limit }) => ({
      threads: [...threads.values()]
        .map(({ thread }) => thread)
        .filter((thread) => thread.owner === principal.id)
        .slice(0, limit),
      nextAfter: undefined,
    }),
    async messages(principal, id, { after, limit }) {
      const { thread, messages: all } = owned(principal.id, id);
      const messages = all.filter((message) => message.position > after);
      return {
        messages: messages.slice(0, limit),
        nextAfter: messages.length > limit ? messages[limit - 1]?.position : undefined,
        mode: thread.mode,
        revisions: 0,
      };
    },
    async changed(principal, id) {
      owned(principal.id, id);
      return [];
    },
    latest: async (principal, id, limit) => owned(principal.id, id).messages.slice(-limit),
    receipts: async (principal, id) => {
      owned(principal.id, id);
      return logs
        .filter((log) => log.threadId === id)
        .map((log) => ({ queryId: log.id, createdAt: "", egress: log.egress, lines: log.receipt }));
    },
  };
  return { timeline, logs, threads };
};
