import { AppError } from "../errors/app-error.ts";
import { clampParameters } from "./clamp-parameters.ts";
import { concealRequest, textsToConceal } from "./conceal-request.ts";
import { charactersOf } from "./estimate-usage.ts";
import type { ChatEvent, ChatRequest } from "./model-gateway.ts";
import { normaliseConversation } from "./normalise-conversation.ts";
import type { ProviderRequest } from "./provider.ts";
import { restoreEvents } from "./restore-events.ts";
import type { Candidate } from "./route.ts";
import { startAttempt } from "./start-attempt.ts";
import { toEvents } from "./to-events.ts";
import { type TryCandidatesDeps, tryCandidates } from "./try-candidates.ts";

export interface StreamChatDeps extends TryCandidatesDeps {
  readonly firstTokenMs: number;
  readonly idleMs: number;
  readonly longestInput: number;
}

interface Opened {
  readonly candidate: Candidate;
  readonly first: ChatEvent;
  readonly rest: AsyncGenerator<ChatEvent>;
}

const prepare = (request: ChatRequest, longestInput: number): ProviderRequest => {
  const messages = normaliseConversation(request.messages);
  const characters = messages.reduce((sum, message) => sum + charactersOf(message), 0);
  if (characters > longestInput) {
    throw new AppError(
      "GUARDRAIL_VIOLATION",
      `The conversation has ${characters} characters; at most ${longestInput} are taken.`,
      {
        field: "messages",
      },
    );
  }
  const { model, permit, signal, deadlineAt, temperature, topP, maxTokens, stop, seed, ...others } = request;
  const { presencePenalty, frequencyPenalty, contextLength, ...rest } = others;
  return { ...rest, messages, ...clampParameters(request) };
};

/** One attempt up to its first event; after that it is never repeated. */
const open = async (
  request: ChatRequest,
  prepared: ProviderRequest,
  outgoing: ProviderRequest,
  candidate: Candidate,
  deps: StreamChatDeps,
): Promise<Opened> => {
  const { provider, model, local } = candidate;
  const deltas = startAttempt({
    open: (signal) => provider.chat(model, outgoing, signal),
    context: { provider: provider.name, model },
    signal: request.signal,
    firstTokenMs: deps.firstTokenMs,
    idleMs: deps.idleMs,
    deadlineAt: request.deadlineAt,
  });
  const events = toEvents(deltas, outgoing);
  const rest = local || request.permit.class === "full" ? events : restoreEvents(events, request.permit, prepared);
  const first = await rest.next();
  if (first.done) throw new AppError("PROVIDER_SERVER_ERROR", "The provider gave no answer.");
  return { candidate, first: first.value, rest };
};

/**
 * Has every text checked that may go to a candidate which is not local. A failure is not thrown here: concealing what was
 * not checked throws when such a candidate's turn comes, which is also when the receipt says that it was held.
 */
const prepareToConceal = async (
  prepared: ProviderRequest,
  candidates: readonly Candidate[],
  { permit, signal }: ChatRequest,
): Promise<void> => {
  if (candidates.every(({ local }) => local)) return;
  try {
    await permit.prepare(textsToConceal(prepared, permit), signal);
  } catch {
    signal.throwIfAborted();
  }
};

/**
 * Streams one answer of the first candidate that gives a first event.
 * @throws {AppError} as `ModelGateway` says; the signal's reason when the caller aborts.
 */
export async function* streamChat(
  request: ChatRequest,
  candidatesOf: (name: string) => readonly Candidate[],
  deps: StreamChatDeps,
): AsyncGenerator<ChatEvent> {
  request.signal.throwIfAborted();
  const prepared = prepare(request, deps.longestInput);
  const candidates = candidatesOf(request.model);
  await prepareToConceal(prepared, candidates, request);
  const { candidate, first, rest } = await tryCandidates(deps, {
    candidates,
    kind: "model",
    permit: request.permit,
    signal: request.signal,
    deadlineAt: request.deadlineAt,
    outgoing: (one) => (one.local ? prepared : concealRequest(prepared, request.permit)),
    call: (one, outgoing) => open(request, prepared, outgoing, one, deps),
  });
  try {
    yield { type: "start", model: candidate.id };
    yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}
