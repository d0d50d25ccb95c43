import type { IntentRow } from "../platform/config/registry.ts";
import { AppError, isAppError } from "../platform/errors/app-error.ts";
import type { Degraded, Evidence } from "../platform/evidence/evidence.ts";
import type { ChatMessage } from "../platform/models/model-gateway.ts";
import { type AnswerDeps, type AnswerState, type AnswerWork, wantsJson } from "./answer/answer-state.ts";
import { answerWithFacts, answerWithJob } from "./answer/answer-with-facts.ts";
import { AfterRelease, createAnswerWithModel } from "./answer/answer-with-model.ts";
import { beginHandOver, canHandOver, wasHandedOver } from "./answer/hand-over.ts";
import { startSyncLimit } from "./answer/sync-limit.ts";
import { numberEvidence } from "./gather.ts";
import type { Draft, QueryInput, QueryRuntime, StepResult } from "./query.ts";

export type ComposeDeps = AnswerDeps;

interface Writes {
  draft: Draft;
  /** What the answer stands on, numbered in the plan's order, then in that of the model's calls. */
  evidence: Evidence[];
  /** What the model's own calls gave. */
  results?: StepResult[];
  transcript?: ChatMessage[];
  attempts: number;
  violations: string[];
  degraded?: Degraded[];
  timings: Record<string, number>;
}

/** Attempts of the model before the rendering takes over: the first, and one retry with the violations named. */
export const modelAttempts = 2;

/** So long before its deadline an answer that has begun to come is handed over at the latest. */
const longestMargin = 5_000;

/**
 * Makes the answer: by templates from evidence, or by the model, released sentence by sentence as each passes its check.
 * When no model answers, the templates do and `degraded` names the model.
 *
 * @throws {AppError} PROVIDER_… when a model breaks off after something was shown (nothing sent is taken back);
 * NOT_CONFIGURED when the client asked for what only a model can give; the signal's reason when nobody waits any more.
 */
export const createCompose = (deps: ComposeDeps) => {
  const { models, intents, say } = deps;
  const answerWithModel = createAnswerWithModel(deps);
  return async function compose(given: Omit<AnswerState, "evidence">, runtime: QueryRuntime): Promise<Writes> {
    const started = performance.now();
    const state: AnswerState = { ...given, evidence: numberEvidence(given.results) };
    const work: AnswerWork = { results: [], transcript: [] };
    const done = (writes: Pick<Writes, "draft" | "violations" | "degraded">): Writes => ({
      ...writes,
      evidence: work.results.length > 0 ? numberEvidence([...state.results, ...work.results]) : [...state.evidence],
      ...(work.results.length > 0 ? { results: work.results } : {}),
      ...(work.transcript.length > 0 ? { transcript: [...state.transcript, ...work.transcript] } : {}),
      attempts: state.attempts + 1,
      timings: {
        compose: performance.now() - started,
        ...(writes.draft.firstTokenMs === undefined ? {} : { first_token: writes.draft.firstTokenMs }),
      },
    });
    if (!wantsModel(state) || state.attempts >= modelAttempts) {
      refuseProse(state);
      return done({ draft: await answerWithFacts(state, runtime, deps), violations: [] });
    }
    const { handOver } = deps;
    const { context } = runtime;
    let begun: StepResult | undefined;
    const taker = handOver && context && canHandOver(state, deps) ? handOver : undefined;
    if (taker && state.attempts === 0 && (await wasHandedOver(state, taker))) {
      begun = await beginHandOver(state, [], runtime, taker);
      if (begun) {
        work.results.push(begun);
        return done({ draft: await answerWithJob(begun, state, runtime), violations: [] });
      }
    }
    const limit =
      taker && context
        ? startSyncLimit({
            context,
            limitAt: context.startedAt + taker.limitMs,
            latestAt: context.deadlineAt - Math.min(longestMargin, (context.deadlineAt - context.startedAt) / 10),
            async handOver() {
              begun = await beginHandOver(state, work.results, runtime, taker);
              return begun !== undefined;
            },
          })
        : undefined;
    if (limit) Object.assign(work, { beforeEffect: limit.touch, onText: limit.comes });
    const handedOver = async (): Promise<Writes | undefined> => {
      if (!(await limit?.end()) || !begun) return undefined;
      work.results.push(begun);
      return done({ draft: await answerWithJob(begun, state, runtime), violations: [] });
    };
    try {
      const answer = await answerWithModel(state, limit?.runtime ?? runtime, work);
      return (await handedOver()) ?? done(answer);
    } catch (error) {
      const written = await handedOver();
      if (written) return written;
      const signal = runtime.context?.signal;
      if (signal?.aborted || !isAppError(error) || error instanceof AfterRelease)
        throw error instanceof AfterRelease ? error.cause : error;
      // A request that only a model can serve has no poorer answer: its caller gets the reason.
      if (needsModel(state.query) || error.code === "CONTEXT_TOO_LONG" || error.code === "INVALID_INPUT") throw error;
      const reason =
        error.code === "EGRESS_BLOCKED" ? say("model.blocked", state.locale) : say("model.down", state.locale);
      return done({
        draft: await answerWithFacts(state, runtime, deps),
        violations: [],
        degraded: [{ part: "model", reason }],
      });
    }
  };

  function wantsModel(state: AnswerState): boolean {
    if (!models.configured || state.permit?.class === "blocked") return false;
    // What a long job does now is told in our own words.
    if (isHandedOver(state, intents())) return false;
    // There a model gets features and no evidence, so it could only guess at what the steps have found.
    if (state.permit?.class === "generalised" && isAnswered(state)) return false;
    if (deps.composer !== "auto") return deps.composer === "model";
    if (needsModel(state.query) || state.query.messages.some((message) => message.role === "tool")) return true;
    const rows = intents();
    return (
      state.parts.length === 0 ||
      !state.parts.every((part) => {
        const row = rows.find(({ id }) => id === part.name);
        return row?.compose === "facts" || isJob(row, state);
      })
    );
  }
};

/** Whether every part of the query has a step that succeeded. */
const isAnswered = ({ parts, results }: AnswerState): boolean =>
  parts.length > 0 &&
  parts.every((_, index) => results.some(({ step, status }) => step.part === index && status === "ok"));

/** Whether a part's work was asked of a long job, begun or refused. */
const isJob = (row: IntentRow | undefined, { results }: AnswerState): boolean =>
  row?.kind === "job" && results.some(({ step }) => step.kind === "job");

const isHandedOver = (state: AnswerState, rows: readonly IntentRow[]): boolean =>
  state.parts.length > 0 &&
  state.parts.every((part) =>
    isJob(
      rows.find(({ id }) => id === part.name),
      state,
    ),
  );

/** Whether templates could not serve this request: it brings tools, or wants JSON of its own shape. */
const needsModel = (query: QueryInput): boolean => (query.clientTools?.length ?? 0) > 0 || wantsJson(query);

/** Prose is no answer to a request for JSON. A refusal for privacy is said all the same. */
const refuseProse = ({ query, permit, attempts }: AnswerState): void => {
  if (!wantsJson(query) || permit?.class === "blocked") return;
  const field = "response_format";
  throw attempts > 0
    ? new AppError("GUARDRAIL_VIOLATION", "The model gave no JSON that may be shown.", { field })
    : new AppError("NOT_CONFIGURED", "Only a model answers in JSON: set OPENAI_BASE_URL or OLLAMA_BASE_URL.", {
        field,
      });
};
