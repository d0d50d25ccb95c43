import { setTimeout as sleep } from "node:timers/promises";
import { allowsEgress } from "../egress/allows-egress.ts";
import type { Breakers } from "../egress/breakers.ts";
import { isReceiptingPermit } from "../egress/create-permit.ts";
import type { ContentKind, Destination, Egress, EgressPermit } from "../egress/egress.ts";
import { AppError, isAppError } from "../errors/app-error.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { ProbeGate } from "./create-probe-gate.ts";
import type { Candidate } from "./route.ts";

export interface TryCandidatesDeps {
  readonly egress: Egress;
  readonly breakers: Breakers;
  readonly gate: ProbeGate;
  readonly metrics: Pick<Metrics, "providerCalls">;
  /** Before the first further try, in milliseconds; it doubles with each. */
  readonly firstPauseMs: number;
  /** Name under which a candidate's breaker runs. */
  readonly breakerName: (candidate: Candidate) => string;
}

export interface TryCandidatesRequest<Outgoing, Value> {
  readonly candidates: readonly Candidate[];
  readonly kind: "model" | "embedder";
  readonly permit: EgressPermit;
  readonly signal: AbortSignal;
  /** `performance.now()` milliseconds. */
  readonly deadlineAt: number;
  /** What would go to a candidate; throws EGRESS_BLOCKED when it cannot be made fit to leave. */
  readonly outgoing: (candidate: Candidate) => Outgoing;
  /** One upstream call, up to the point after which it must not be repeated. */
  readonly call: (candidate: Candidate, outgoing: Outgoing) => Promise<Value>;
}

/** Tries after the first one, per candidate. */
const furtherTries = 2;
/** With another candidate left, nobody waits longer than this for a busy one. */
const longestWaitMs = 2_000;

const retried = new Set(["PROVIDER_TIMEOUT", "PROVIDER_OVERLOADED", "PROVIDER_SERVER_ERROR"]);

const destinationOf = (kind: Destination["kind"], candidate: Candidate): Destination => ({
  kind,
  name: candidate.provider.name,
  local: candidate.local,
});

/** What of the query a candidate would get: in class `generalised` a model elsewhere gets features, never a sentence. */
const contentFor = (permit: EgressPermit, kind: Destination["kind"], { local }: Candidate): ContentKind =>
  permit.class === "generalised" && kind === "model" && !local && permit.features !== undefined
    ? "features"
    : "sentence";

/**
 * Makes the call with the first candidate that can: each is asked of `egress` when its turn comes (held ones are skipped
 * and never called), tried at most three times with growing, jittered pauses, as long as its breaker and the deadline allow.
 * @throws {AppError} EGRESS_BLOCKED when every candidate was held; else the error that most deserves another try.
 */
export const tryCandidates = async <Outgoing, Value>(
  deps: TryCandidatesDeps,
  request: TryCandidatesRequest<Outgoing, Value>,
): Promise<Value> => {
  const { candidates, permit, kind, signal } = request;
  const mayTake = (one: Candidate) =>
    allowsEgress(permit, destinationOf(kind, one), contentFor(permit, kind, one)).allowed;
  const errors: AppError[] = [];
  for (const [at, candidate] of candidates.entries()) {
    const isLast = !candidates.slice(at + 1).some(mayTake);
    try {
      const outgoing = prepare(deps, request, candidate);
      return await tryOne(deps, request, candidate, outgoing, isLast);
    } catch (error) {
      signal.throwIfAborted();
      if (!isAppError(error) || error.code === "DEADLINE_EXCEEDED") throw error;
      errors.push(error);
    }
  }
  throw errors.find((error) => error.retryable) ?? errors.find(({ code }) => code !== "EGRESS_BLOCKED") ?? errors[0];
};

/** What goes to a candidate, once it may: the receipt says "sent" only of what was fit to leave. */
const prepare = <Outgoing>(
  { egress }: TryCandidatesDeps,
  { permit, kind, outgoing }: TryCandidatesRequest<Outgoing, unknown>,
  candidate: Candidate,
): Outgoing => {
  const destination = destinationOf(kind, candidate);
  const content = contentFor(permit, kind, candidate);
  if (!allowsEgress(permit, destination, content).allowed) {
    egress(permit, destination, content);
    throw new AppError("EGRESS_BLOCKED", `This query may not be sent to '${candidate.id}'.`);
  }
  let fit: Outgoing;
  try {
    fit = outgoing(candidate);
  } catch (error) {
    if (isReceiptingPermit(permit)) {
      const rule = `${permit.class}: it could not be checked for identifiers`;
      permit.record({ destination: destination.name, kind, content, decision: "held", rule });
    }
    throw error;
  }
  egress(permit, destination, content);
  return fit;
};

const tryOne = async <Outgoing, Value>(
  deps: TryCandidatesDeps,
  request: TryCandidatesRequest<Outgoing, Value>,
  candidate: Candidate,
  outgoing: Outgoing,
  isLast: boolean,
): Promise<Value> => {
  for (let tries = 0; ; tries += 1) {
    try {
      return await callOnce(deps, request, candidate, outgoing);
    } catch (error) {
      request.signal.throwIfAborted();
      if (error instanceof BreakerOpen || !isAppError(error) || !retried.has(error.code) || tries === furtherTries)
        throw error;
      const pauseMs = pauseBefore(deps.firstPauseMs * 2 ** tries, error.retryAfterSeconds);
      const mostMs = request.deadlineAt - performance.now();
      if (pauseMs >= (isLast ? mostMs : Math.min(mostMs, longestWaitMs))) throw error;
      await sleep(pauseMs, undefined, { signal: request.signal }).catch(() => request.signal.throwIfAborted());
    }
  }
};

/** What the provider asked for, a little later so that not everyone returns at once; else half to all of the given pause. */
const pauseBefore = (pauseMs: number, retryAfter: number | undefined): number =>
  retryAfter === undefined
    ? pauseMs * (0.5 + Math.random() / 2)
    : retryAfter * 1_000 + Math.random() * Math.min(250, retryAfter * 100);

class BreakerOpen extends AppError {
  constructor(candidate: Candidate) {
    super("PROVIDER_SERVER_ERROR", `The model '${candidate.id}' has not been answering; it is tried again shortly.`, {
      retryAfterSeconds: 10,
    });
  }
}

const callOnce = async <Outgoing, Value>(
  { breakers, gate, metrics, breakerName }: TryCandidatesDeps,
  { signal, deadlineAt, call }: TryCandidatesRequest<Outgoing, Value>,
  candidate: Candidate,
  outgoing: Outgoing,
): Promise<Value> => {
  const name = breakerName(candidate);
  const provider = candidate.provider.name;
  const leave = await gate.enter({ name, signal, deadlineAt, isRefused: () => breakers.isOpen(name) });
  try {
    const value = await breakers.run(name, () =>
      call(candidate, outgoing).catch((error: unknown) => {
        // The breaker counts this one code; the true error travels inside and is unpacked below.
        if (!signal.aborted && isAppError(error) && retried.has(error.code)) {
          throw new AppError("UPSTREAM_UNAVAILABLE", "An attempt failed.", { cause: error });
        }
        throw error;
      }),
    );
    leave(true);
    metrics.providerCalls.inc({ provider, outcome: "ok" });
    return value;
  } catch (error) {
    const cause = isAppError(error, "UPSTREAM_UNAVAILABLE") ? (error.cause ?? new BreakerOpen(candidate)) : error;
    leave(signal.aborted ? undefined : showsLife(cause));
    metrics.providerCalls.inc({ provider, outcome: outcomeOf(cause, signal) });
    throw cause;
  }
};

/** Whether a failed call shows that the server lives: it refused, or it failed; undefined when it shows neither. */
const showsLife = (error: unknown): boolean | undefined => {
  if (!isAppError(error) || error.code === "DEADLINE_EXCEEDED" || error.code === "EGRESS_BLOCKED") return undefined;
  return !retried.has(error.code);
};

const outcomeOf = (error: unknown, signal: AbortSignal): string => {
  if (signal.aborted) return "aborted";
  if (error instanceof BreakerOpen) return "breaker_open";
  return isAppError(error) ? error.code.toLowerCase() : "internal";
};
