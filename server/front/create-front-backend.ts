import { setTimeout as delay } from "node:timers/promises";
import { LRUCache } from "lru-cache";
import { keyedMessageId } from "../../atlas/keyed-message-id.ts";
import type { SessionStore } from "../../platform/cache/session-store.ts";
import { isLoopbackHost } from "../../platform/egress/is-loopback.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import type { Broadcast } from "../../platform/events/broadcast.ts";
import { given } from "../chat/given.ts";
import type { ChatBackend, ChatCaller, ChatMessage, ChatThread, WireMessage } from "../chat-socket/chat-backend.ts";
import { judgeHandshake } from "../chat-socket/judge-handshake.ts";
import { createSharedReads } from "../chat-socket/shared-reads.ts";
import type { EngineClient } from "./engine-client.ts";
import type { EngineWatch } from "./engine-watch.ts";
import type { Flusher } from "./flusher.ts";
import type { FrontCallers } from "./front-callers.ts";
import type { EntrySeal, FrontEntry } from "./front-entry.ts";
import { isEngineAway, isRefusal } from "./is-engine-away.ts";
import type { LiveThreads } from "./live-threads.ts";
import type { RefusedMessages } from "./refused-messages.ts";

export interface FrontBackendDeps {
  readonly client: EngineClient;
  readonly store: Pick<SessionStore, "add" | "waiting">;
  readonly refused: Pick<RefusedMessages, "of">;
  readonly seal: EntrySeal;
  readonly callers: FrontCallers;
  readonly live: LiveThreads;
  readonly flusher: Pick<Flusher, "added" | "flush">;
  /** Without a carrier nobody tells the front of edits elsewhere: then history comes from here only while the engine is away. */
  readonly broadcast: Pick<Broadcast, "publish" | "kind">;
  readonly engine: Pick<EngineWatch, "call">;
}

/** After the engine has let somebody read a thread, it is not asked again for so long. */
const grantedMs = 1_000;
/** While it is away, what it said last holds for so long. */
const believedMs = 600_000;
const mostPending = 500;
/** Of so many refused messages their author is told at once, of the newest. */
const mostTold = 100;
/** So long a message waits at most until it is known whether it may be kept. */
const lookMs = 250;

const keptReason = "The engine is away: the message is kept, and will be in the thread when it is back.";
const bearer = /^Bearer +(\S+) *$/i;

/** Chat before an engine: messages are kept here first, history comes from here where it can, the rest from the engine. */
export const createFrontBackend = ({
  client,
  store,
  refused,
  seal,
  callers,
  live,
  flusher,
  broadcast,
  engine,
}: FrontBackendDeps): ChatBackend => {
  const entered = new LRUCache<string, ChatThread>({ max: 10_000, ttl: believedMs });
  /** When the engine last let a caller read a thread. */
  const granted = new LRUCache<string, number>({ max: 50_000, ttl: believedMs });
  const sharedPage = createSharedReads<Awaited<ReturnType<EngineClient["messages"]>>>();
  const grantName = (caller: ChatCaller, threadId: string): string => JSON.stringify([caller.id, threadId]);

  const tell = (threadId: string, kind: "said" | "revised", position: number): void =>
    broadcast.publish(threadId, { kind, position, at: Date.now() });

  /** Opened once: the list of what waits is read again with each message. */
  const opened = new LRUCache<string, WireMessage>({ max: 2 * mostPending });
  const pendingOf = async (threadId: string): Promise<readonly WireMessage[]> => {
    const waiting = await store.waiting(threadId, mostPending);
    return waiting.flatMap((item) => {
      const name = `${threadId} ${item.key}`;
      const known = opened.get(name);
      if (known) return [known];
      const entry = seal.open(threadId, item);
      if (entry === undefined) return [];
      const message = toPending(threadId, entry);
      opened.set(name, message);
      return [message];
    });
  };

  const readEngine = async (caller: ChatCaller, threadId: string, after: number, limit: number) => {
    const name = grantName(caller, threadId);
    const remember = live.beginReading(threadId);
    try {
      const page = await sharedPage(JSON.stringify([name, after, limit]), () =>
        engine.call(() => client.messages(caller.token, threadId, { after, limit })),
      );
      granted.set(name, Date.now());
      await remember(page);
      return page;
    } catch (error) {
      if (isRefusal(error)) {
        granted.delete(name);
        await flusher.flush(threadId); // what is refused with it is told before they are gone
      }
      throw error;
    }
  };

  /** Puts a message where it is safe. */
  const keep = async (caller: ChatCaller, thread: ChatThread, message: ChatMessage): Promise<void> => {
    const entry: FrontEntry = {
      key: message.key,
      principal: caller.id,
      ...(caller.token === undefined ? {} : { token: caller.token }),
      text: message.text,
      createdAt: new Date().toISOString(),
      meta: { surface: "chat", ...given({ mentions: message.mentions }) },
    };
    await store.add(thread.id, seal.seal(thread.id, entry));
    flusher.added(thread.id);
    tell(thread.id, "said", live.lastPosition(thread.id));
  };

  /** A thread may have turned confidential with nobody telling: an engine that is there is asked, an engine that is slow not. */
  const lookAtMode = async (caller: ChatCaller, { id }: ChatThread): Promise<void> => {
    if (live.isConfidential(id) || live.isFresh(id)) return;
    const look = readEngine(caller, id, live.lastPosition(id), 1).catch(() => undefined);
    await Promise.race([look, delay(lookMs, undefined, { ref: false })]);
  };

  const confidential = (thread: ChatThread, message: ChatMessage): boolean =>
    message.mode === "confidential" || live.isConfidential(thread.id);

  /** What is confidential is never kept here: it is in the thread, or it was not taken. */
  const appendNow = async (caller: ChatCaller, thread: ChatThread, message: ChatMessage): Promise<void> => {
    if (!live.isConfidential(thread.id)) {
      throw new AppError(
        "INVALID_INPUT",
        "A front cannot turn a thread confidential by a message without an answer; begin a confidential thread.",
        { field: "mode" },
      );
    }
    const { key, text, mentions } = message;
    const meta = { surface: "chat", ...given({ mentions }) };
    const entry = { key, principal: caller.id, text, createdAt: new Date().toISOString(), meta };
    for (let since = live.lastPosition(thread.id), tries = 0; ; tries += 1) {
      const outcome = await engine.call(() => client.append(caller.token, thread.id, since, [entry]));
      since = outcome.state === "ok" ? outcome.lastPosition : outcome.expectedPosition;
      if (outcome.state === "ok") return tell(thread.id, "said", since);
      if (tries > 50) throw new AppError("UPSTREAM_UNAVAILABLE", "The thread has too many writers now.");
    }
  };

  const revise = async (threadId: string, work: () => Promise<number>): Promise<void> => {
    await flusher.flush(threadId); // it may be one that waits
    const position = await engine.call(work);
    await live.forget(threadId);
    tell(threadId, "revised", position);
  };

  /** The engine holds more now than the last position that is known. */
  const tellMore = (threadId: string): void => {
    live.doubt(threadId);
    tell(threadId, "said", live.lastPosition(threadId));
  };

  return {
    async identify(token, { headers, peer }) {
      const caller = await callers.identify(token?.trim() ?? bearer.exec(headers.authorization ?? "")?.[1]);
      if (caller.id !== "local") return caller;
      // The engine has no keys: it takes this front, which is on its machine, for its user. The Host header is the client's word.
      const problem = isLoopbackHost(peer ?? "")
        ? judgeHandshake({ headers, headersDistinct: {} }, { anonymous: true, origins: [] })
        : "Before an engine without ATHENA_API_KEYS only this machine may come.";
      if (problem !== undefined) throw new AppError("UNAUTHENTICATED", problem);
      return caller;
    },

    async enter(caller, where) {
      const name = JSON.stringify([caller.id, where.channel, where.threadId]);
      try {
        const thread = await engine.call(() => client.enter(caller.token, where));
        live.know(thread);
        entered.set(name, thread);
        granted.set(grantName(caller, thread.id), Date.now());
        return thread;
      } catch (error) {
        const known = isEngineAway(error) ? entered.get(name) : undefined;
        if (known) {
          const mode = live.isConfidential(known.id) ? "confidential" : known.mode;
          return { ...known, mode, lastPosition: live.lastPosition(known.id) };
        }
        if (isRefusal(error)) entered.delete(name);
        throw error;
      }
    },

    async messages(caller, threadId, { after, limit }) {
      const grantedAt = granted.get(grantName(caller, threadId));
      const page = (messages: readonly WireMessage[]) => ({
        messages: messages.slice(0, limit),
        more: messages.length > limit,
      });
      const read = async () => {
        const mayRead =
          broadcast.kind !== "embedded" &&
          grantedAt !== undefined &&
          Date.now() - grantedAt < grantedMs &&
          !live.isDoubted(threadId);
        const kept = mayRead ? await live.recall(threadId, after) : undefined;
        if (kept) return page(kept);
        return readEngine(caller, threadId, after, limit).catch(async (error: unknown) => {
          if (!isEngineAway(error) || grantedAt === undefined) throw error;
          return page((await live.recall(threadId, after)) ?? []);
        });
      };
      const found = await read();
      return { ...found, pending: live.isConfidential(threadId) ? [] : await pendingOf(threadId) };
    },

    async refused(caller, threadId) {
      const messages = await refused.of(threadId, caller.id);
      return messages.slice(-mostTold).map(({ id, about }) => ({ messageId: id, code: about?.code }));
    },

    async changed(caller, threadId, { upTo, time }) {
      const changed = await engine
        .call(() => client.changed(caller.token, threadId, time))
        .catch((error: unknown) => {
          if (isEngineAway(error)) return [];
          throw error;
        });
      return changed.filter(({ position }) => position <= upTo);
    },

    async say(caller, thread, message) {
      await lookAtMode(caller, thread);
      if (confidential(thread, message)) await appendNow(caller, thread, message);
      else await keep(caller, thread, message);
    },

    async ask(caller, thread, message, { signal, onEvent }) {
      let accepted = false;
      try {
        // What was said before lies before.
        if (!(await flusher.flush(thread.id))) throw new AppError("UPSTREAM_UNAVAILABLE", "The back end is away.");
        const outcome = await engine.call(() =>
          client.ask(caller.token, thread.id, message, {
            signal,
            onEvent(event) {
              if (event.type === "accepted") {
                accepted = true;
                if (message.mode === "confidential") live.know({ ...thread, mode: "confidential" });
                tellMore(thread.id);
              }
              return onEvent(event);
            },
          }),
        );
        tellMore(thread.id);
        return outcome;
      } catch (error) {
        if (accepted) tellMore(thread.id);
        if (accepted || signal.aborted || !isEngineAway(error) || confidential(thread, message)) throw error;
        // Whether the engine has taken it or not: by its key it will be there once.
        await keep(caller, thread, message);
        await onEvent({ type: "accepted" });
        return { state: "kept", part: "backend", reason: keptReason };
      }
    },

    async edit(caller, threadId, messageId, text) {
      await revise(threadId, () => client.edit(caller.token, threadId, messageId, text));
    },

    async remove(caller, threadId, messageId) {
      await revise(threadId, () => client.remove(caller.token, threadId, messageId));
    },
  };
};

const toPending = (threadId: string, { key, principal, text, createdAt, meta }: FrontEntry): WireMessage => ({
  id: keyedMessageId(threadId, principal, key),
  position: 0,
  role: "user",
  author: principal,
  content: text,
  created_at: createdAt,
  meta,
});
