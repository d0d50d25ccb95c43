import type { NewMessage, Thread, Timeline } from "../atlas/timeline.ts";
import type { EgressPermit } from "../platform/egress/egress.ts";
import type { Mode } from "../platform/egress/egress-class.ts";
import { AppError, isAppError } from "../platform/errors/app-error.ts";
import type { ChatMessage } from "../platform/models/model-gateway.ts";
import { resumeTranscript } from "./answer/resume-transcript.ts";
import { callsFingerprint } from "./calls-fingerprint.ts";
import { keepsHistory, lastUserText, turnOf } from "./conversation.ts";
import type { QueryInput, QueryRuntime, Settled, StepResult, UnfinishedTurns } from "./query.ts";
import type { IntentPart } from "./understanding/understood-query.ts";

export interface ReceiveDeps {
  readonly timeline: Pick<Timeline, "open" | "latest">;
  readonly unfinishedTurns: UnfinishedTurns;
  /** Decides the egress class from mode, consent and what is configured, and opens the query's receipt. */
  readonly permitFor: (mode: Mode, consent: boolean, receipt: object[], principal: string) => EgressPermit;
  /** Most messages of the timeline that a native surface's history takes. */
  readonly historyLimit: number;
  readonly defaultTimezone: string;
}

interface Writes {
  thread: Thread;
  settled: Settled;
  history: ChatMessage[];
  text: string;
  timezone: string;
  permit: EgressPermit;
  receipt: object[];
  resumed: boolean;
  parts?: IntentPart[];
  results?: StepResult[];
  transcript?: ChatMessage[];
  locale?: string;
  timings: Record<string, number>;
}

/** So many messages behind it, one is not looked for any more. */
const mostSince = 50;

/**
 * Settles thread, mode and egress class, commits the user's messages and thereby acknowledges them.
 * Results of the client's own tools are matched with the turn that waits for them, which then goes on.
 *
 * @throws {AppError} INVALID_INPUT when there is nothing to answer; NOT_FOUND for an unknown or foreign thread;
 * DATABASE_UNAVAILABLE (retryable): nothing was acknowledged then.
 */
export const createReceive = ({ timeline, unfinishedTurns, permitFor, historyLimit, defaultTimezone }: ReceiveDeps) =>
  async function receive({ query }: { readonly query: QueryInput }, runtime: QueryRuntime): Promise<Writes> {
    const started = performance.now();
    const turn = turnOf(query.messages);
    if (turn.messages.length === 0)
      throw new AppError("INVALID_INPUT", "There is no message to answer.", { field: "messages" });

    const waiting = turn.toolResults.length > 0 && turn.toolResults.length === turn.messages.length;
    const unfinished = waiting
      ? await unfinishedTurns.take(query.principal.id, {
          callIds: turn.toolResults.map((result) => result.toolCallId),
          ...(turn.calls.length > 0 ? { fingerprint: callsFingerprint(turn.calls) } : {}),
        })
      : undefined;

    const threadId = query.threadId ?? unfinished?.threadId;
    const appended = turn.messages.map((message, index) => ({
      ...toTimelineMessage(message, query),
      ...(query.messageId !== undefined && index === turn.messages.length - 1 ? { id: query.messageId } : {}),
    }));
    const open = {
      principal: query.principal,
      ...(threadId === undefined ? {} : { threadId }),
      ...(query.createThread && query.threadId !== undefined ? { create: true } : {}),
      mode: query.mode,
      ...(query.scope === undefined ? {} : { scope: query.scope }),
      ...(query.teamId === undefined ? {} : { teamId: query.teamId }),
      messages: appended,
    };
    const { thread, messages } = await timeline.open(open).catch(async (error: unknown) => {
      const begun = isStored(error) ? await unanswered(timeline, query, open) : undefined;
      if (!begun) throw error;
      return begun;
    });
    const last = messages.at(-1);
    if (!last) throw new AppError("INTERNAL", "The message could not be stored.");

    const receipt: object[] = [];
    const permit = permitFor(thread.mode, query.consent, receipt, query.principal.id);
    const settled = { thread, messageId: last.id, position: last.position, appended };
    if (runtime.context) Object.assign(runtime.context.progress, { settled, permit, receipt });
    await runtime.context?.emit?.({
      type: "accepted",
      threadId: thread.id,
      messageId: last.id,
      position: last.position,
    });

    const history =
      !keepsHistory(query.surface) && last.position > appended.length
        ? (await timeline.latest(query.principal, thread.id, historyLimit))
            // By position: another query of the same thread may have written meanwhile.
            .filter(({ position }) => position <= last.position - appended.length)
            .flatMap(toChatMessage)
        : [];
    return {
      thread,
      settled,
      history: [...history, ...query.messages],
      text: lastUserText(query.messages),
      timezone: query.timezone ?? defaultTimezone,
      permit,
      receipt,
      resumed: unfinished !== undefined,
      ...(unfinished
        ? {
            parts: [...(unfinished.state.parts as IntentPart[])],
            results: [...unfinished.state.results],
            ...(unfinished.state.transcript
              ? { transcript: resumeTranscript(unfinished.state.transcript, turn.calls, turn.toolResults) }
              : {}),
            locale: unfinished.state.locale,
          }
        : {}),
      timings: { receive: performance.now() - started },
    };
  };

/** That a message of this id is there already; an erased thread is the other conflict. */
const isStored = (error: unknown): boolean => isAppError(error, "CONFLICT") && error.cause !== undefined;

/**
 * The message of a request that was sent before and never answered, because the process died on the way: it goes on. Only where
 * the request has a key; its surface then lets one request at a time work on a message that the caller named.
 */
const unanswered = async (
  timeline: ReceiveDeps["timeline"],
  { principal, messageId, requestKey, threadId }: QueryInput,
  request: Parameters<Timeline["open"]>[0],
): Promise<Awaited<ReturnType<Timeline["open"]>> | undefined> => {
  if (requestKey === undefined || messageId === undefined || threadId === undefined) return undefined;
  const latest = await timeline.latest(principal, threadId, mostSince);
  const at = latest.findIndex(({ id }) => id === messageId);
  const message = latest[at];
  if (!message || latest.slice(at).some(({ role }) => role === "assistant")) return undefined;
  const { thread } = await timeline.open({ ...request, messages: [] });
  return { thread, messages: [message] };
};

const toTimelineMessage = (message: ChatMessage, query: QueryInput): NewMessage => {
  const meta = { ...query.meta, surface: query.surface };
  if (message.role === "tool") {
    return {
      role: "tool",
      author: message.toolName ?? "client",
      content: message.content,
      meta: { ...meta, tool_call_id: message.toolCallId },
    };
  }
  const parts =
    typeof message.content === "string" ? [{ type: "text" as const, text: message.content }] : message.content;
  const images = parts.filter((part) => part.type === "image").length;
  return {
    role: "user",
    author: query.principal.id,
    content: parts.map((part) => (part.type === "text" ? part.text : "")).join(""),
    meta: images > 0 ? { ...meta, images } : meta,
  };
};

const toChatMessage = (message: { readonly role: string; readonly content: string }): ChatMessage[] => {
  if (message.role === "user") return [{ role: "user", content: message.content }];
  if (message.role === "assistant" || message.role === "agent")
    return [{ role: "assistant", content: message.content }];
  return [];
};
