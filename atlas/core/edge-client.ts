import { z } from "zod";
import { defaultCoreName } from "../../platform/config/core-name.ts";
import { sendOnce } from "../../platform/egress/send-once.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { LongThreadsPage } from "../deep/long-threads-page.ts";
import type { StoredSummaries } from "../deep/store-summaries.ts";
import { SyncPage } from "../deep/sync-page.ts";
import type { ThreadSummary } from "../deep/thread-summary.ts";

/** The engine that a core follows. */
export interface EdgeClient {
  /** The next changes; says that everything before `after` is held for good. @throws {AppError} UPSTREAM_UNAVAILABLE */
  pull(ask: {
    readonly after: string | undefined;
    readonly waitSeconds: number;
    readonly signal: AbortSignal;
  }): Promise<SyncPage>;
  /** Long threads that wait for a summary with a vector of this model, page by page. @throws {AppError} UPSTREAM_UNAVAILABLE */
  longThreads(ask: {
    readonly after: string | undefined;
    readonly embeddingModel: string;
    readonly signal: AbortSignal;
  }): Promise<LongThreadsPage>;
  /** Sends summaries for the engine to keep. @throws {AppError} UPSTREAM_UNAVAILABLE */
  sendSummaries(summaries: readonly ThreadSummary[], signal: AbortSignal): Promise<StoredSummaries>;
}

export interface EdgeClientDeps {
  readonly url: string;
  readonly key: string;
  /** The name under which the engine keeps how far this core has come. */
  readonly reader?: string;
  readonly pageSize?: number;
  readonly fetch?: typeof globalThis.fetch;
}

const answerMs = 30_000;
const mostBytes = 64 * 1024 * 1024;

const Stored = z.object({ stored: z.array(z.string()), refused: z.array(z.string()) });

interface Ask<Answer> {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON with POST. */
  readonly body?: object;
  readonly answer: z.ZodType<Answer>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Talks to the engine over HTTP with the key that both have. */
export const createEdgeClient = (deps: EdgeClientDeps): EdgeClient => {
  const { url, key, reader = defaultCoreName, pageSize = 200, fetch = globalThis.fetch } = deps;
  const base = url.endsWith("/") ? url : `${url}/`;

  const ask = async <Answer>({ path, query = {}, body, answer, timeoutMs, signal }: Ask<Answer>): Promise<Answer> => {
    const address = new URL(path, base);
    address.search = new URLSearchParams(query).toString();
    const { status, text } = await sendOnce({
      provider: "The engine",
      url: address,
      method: body === undefined ? "GET" : "POST",
      headers: {
        accept: "application/json",
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
      timeoutMs,
      maxBytes: mostBytes,
      fetch,
    });
    if (status !== 200) {
      const why = status === 401 ? "does not know this ATHENA_CORE_KEY" : `answered ${status}`;
      throw new AppError("UPSTREAM_UNAVAILABLE", `The engine ${why}.`);
    }
    try {
      return answer.parse(JSON.parse(text));
    } catch (cause) {
      throw new AppError("UPSTREAM_UNAVAILABLE", "The engine's answer cannot be read.", { cause });
    }
  };

  return {
    pull: ({ after, waitSeconds, signal }) =>
      ask({
        path: "atlas/sync",
        query: {
          ...(after === undefined ? {} : { after }),
          limit: `${pageSize}`,
          wait: `${waitSeconds}`,
          reader,
        },
        answer: SyncPage,
        timeoutMs: waitSeconds * 1_000 + answerMs,
        signal,
      }),
    longThreads: ({ after, embeddingModel, signal }) =>
      ask({
        path: "atlas/summaries",
        query: { ...(after === undefined ? {} : { after }), embedding_model: embeddingModel },
        answer: LongThreadsPage,
        timeoutMs: answerMs,
        signal,
      }),
    sendSummaries: (summaries, signal) =>
      ask({ path: "atlas/summaries", body: { summaries }, answer: Stored, timeoutMs: answerMs, signal }),
  };
};
