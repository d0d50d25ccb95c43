import type { Cache } from "../../platform/cache/cache.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { estimateUsage } from "../../platform/models/estimate-usage.ts";
import type { ModelGateway, Usage } from "../../platform/models/model-gateway.ts";
import type { ChatCaller, ChatOutcome, ChatSink, ChatTurn } from "../chat/chat-turn.ts";
import type { BeginLoggedCall } from "../chat/create-logged-call.ts";
import { given } from "../chat/given.ts";
import type { AuxiliaryTask } from "./auxiliary-task.ts";
import { answerAuxiliaryTask } from "./auxiliary-template.ts";

export interface AuxiliaryTurnDeps {
  readonly models: Pick<ModelGateway, "configured" | "answerModel" | "stream">;
  /** The small model for this lane; undefined: the one that writes answers. */
  readonly model: string | undefined;
  readonly beginCall: BeginLoggedCall;
  readonly cache: Pick<Cache, "increment">;
  /** Requests a minute for each principal. */
  readonly perMinute: number;
  readonly timeoutMs: number;
  /** Names of what a text is about. */
  readonly topicsOf: (text: string, signal: AbortSignal) => Promise<readonly string[]>;
}

/** Answers what a chat page asks on its own: no tools, no memory, nothing stored. */
export type RunAuxiliaryTurn = (
  task: AuxiliaryTask,
  turn: ChatTurn,
  caller: ChatCaller,
  sink?: ChatSink,
) => Promise<ChatOutcome>;

/** Titles and tags are short; a model that talks on is cut off. */
const longestAnswer = 300;
const minuteMs = 60_000;

/**
 * Makes the side lane for auxiliary requests: a small model, or a template when there is none, it may not be asked, or it
 * fails.
 * The returned function throws RATE_LIMITED over the lane's own quota, and the signal's reason when nobody waits any more.
 */
export const createRunAuxiliaryTurn = (deps: AuxiliaryTurnDeps): RunAuxiliaryTurn => {
  const askModel = async (
    turn: ChatTurn,
    { principal, surface, signal }: Pick<ChatCaller, "principal" | "surface" | "signal">,
  ): Promise<{ text: string; usage: Usage } | undefined> => {
    const model = deps.model ?? deps.models.answerModel;
    if (!deps.models.configured || model === undefined) return undefined;
    const { maxTokens = longestAnswer, ...sampling } = turn.sampling;
    const limited = AbortSignal.any([signal, AbortSignal.timeout(deps.timeoutMs)]);
    const call = deps.beginCall({ control: turn.control, principal: principal.id, surface, agent: "auxiliary" });
    let text = "";
    let usage: Usage | undefined;
    try {
      for await (const event of deps.models.stream({
        model,
        messages: turn.messages,
        ...sampling,
        maxTokens: Math.min(maxTokens, longestAnswer),
        ...given({ responseFormat: turn.responseFormat }),
        permit: call.permit,
        signal: limited,
        deadlineAt: performance.now() + deps.timeoutMs,
      })) {
        if (event.type === "text") text += event.text;
        if (event.type === "finish") {
          usage = event.usage;
          return text.trim() === "" ? undefined : { text, usage };
        }
      }
    } catch {
      signal.throwIfAborted();
    } finally {
      await call.end({ model, ...given({ usage }) });
    }
    return undefined;
  };

  return async (task, turn, { principal, surface, signal }, sink) => {
    const minute = Math.floor(Date.now() / minuteMs);
    const count = await deps.cache.increment(`auxiliary:${principal.id}:${minute}`, 1, minuteMs);
    if (count > deps.perMinute) {
      const retryAfterSeconds = Math.max(1, Math.ceil(((minute + 1) * minuteMs - Date.now()) / 1_000));
      throw new AppError("RATE_LIMITED", "Too many titles, tags and suggestions in this minute.", {
        retryAfterSeconds,
      });
    }
    const written = await askModel(turn, { principal, surface, signal });
    const text =
      written?.text ?? (await answerAuxiliaryTask(task, turn.messages, (about) => deps.topicsOf(about, signal)));
    await sink?.start(undefined);
    await sink?.text(text);
    return {
      text,
      reasoning: "",
      toolCalls: [],
      finishReason: "stop",
      usage: written?.usage ?? estimateUsage(turn.messages, text.length),
      evidence: [],
      athena: undefined,
    };
  };
};
