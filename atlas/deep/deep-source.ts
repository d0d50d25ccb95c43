import type { Queryable } from "../../platform/db/database.ts";
import { createBreakers } from "../../platform/egress/breakers.ts";
import { createPermit } from "../../platform/egress/create-permit.ts";
import type { Egress } from "../../platform/egress/egress.ts";
import { isLoopback } from "../../platform/egress/is-loopback.ts";
import { sendOnce } from "../../platform/egress/send-once.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import type { Metrics } from "../../platform/metrics/metrics.ts";
import type { CandidateSource } from "../recall/candidate-source.ts";
import { DeepSearchReply } from "./deep-search.ts";

export interface DeepSourceDeps {
  readonly database: Queryable;
  /** Address of the core. */
  readonly url: string;
  readonly key: string;
  /** Longest that one search waits. */
  readonly timeoutMs: number;
  readonly egress: Egress;
  readonly metrics: Pick<Metrics, "breakerOpen">;
  readonly fetch?: typeof globalThis.fetch;
  /** How long a core that failed is left alone; default 10,000. */
  readonly breakerOpenMs?: number;
}

/** The deep core as recall asks it, and whether it is being left alone for the moment. */
export interface DeepSource extends CandidateSource {
  readonly isOpen: () => boolean;
  /** Milliseconds that its health took. @throws {AppError} UPSTREAM_UNAVAILABLE, also when its store is away. */
  ping(): Promise<number>;
}

/** Failures in a row after which the core is left alone. */
const threshold = 3;
const name = "deep";
/** A query is cut here: what it means is said by then. */
const longestQuery = 8_000;
const healthMs = 2_000;
const mostBytes = 1_048_576;
/** What hashed vectors find counts little beside words; what a model finds, more. */
const weights = { hashed: 0.05, model: 0.4 };

/** The scopes of a principal, and the mode of the thread that asks. */
const scopes = "select scope_keys($1, $2) as keys, (select mode from threads where id = $3) as mode";

/**
 * Asks the deep core for ids with scores; content is read by recall, from the main database. A core that is away costs one
 * time-out, then nothing until it is tried again. Nothing is asked from inside a confidential thread.
 */
export const createDeepSource = (deps: DeepSourceDeps): DeepSource => {
  const { database, key, timeoutMs, egress, metrics, breakerOpenMs, fetch = globalThis.fetch } = deps;
  // A path of the core's address stays before those of its routes.
  const base = deps.url.endsWith("/") ? deps.url : `${deps.url}/`;
  const url = new URL("atlas/deep/search", base);
  const local = isLoopback(url);
  const breakers = createBreakers({
    metrics,
    threshold,
    ...(breakerOpenMs === undefined ? {} : { openMs: breakerOpenMs }),
  });
  let weight = weights.hashed;

  const search = async (body: object, signal: AbortSignal): Promise<DeepSearchReply> => {
    const { status, text } = await sendOnce({
      provider: "The core",
      url,
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json", authorization: `Bearer ${key}` },
      body: JSON.stringify(body),
      signal,
      timeoutMs,
      maxBytes: mostBytes,
      fetch,
    });
    if (status !== 200) throw new AppError("UPSTREAM_UNAVAILABLE", `The core answered ${status}.`);
    try {
      return DeepSearchReply.parse(JSON.parse(text));
    } catch (cause) {
      throw new AppError("UPSTREAM_UNAVAILABLE", "The core's answer cannot be read.", { cause });
    }
  };

  return {
    name,
    get weight() {
      return weight;
    },
    isOpen: () => breakers.isOpen(name),
    async ping() {
      const started = performance.now();
      const { status } = await sendOnce({
        provider: "The core",
        url: new URL("healthz", base),
        method: "GET",
        headers: { accept: "application/json" },
        signal: new AbortController().signal,
        timeoutMs: healthMs,
        maxBytes: mostBytes,
        fetch,
      });
      if (status !== 200) throw new AppError("UPSTREAM_UNAVAILABLE", `The core answered ${status}.`);
      return performance.now() - started;
    },
    async find({ principal, query, threadId, limit, scope, kinds, service, permit, signal }) {
      const [seen] = await database.query<{ keys: string[]; mode: string | null }>(
        scopes,
        [principal.id, scope ?? null, threadId],
        "deep_scopes",
      );
      if (seen === undefined || seen.keys.length === 0 || seen.mode === "confidential" || permit?.confidential)
        return [];
      // Without a query's own permit, as in a search by hand, what is asked is open.
      egress(
        permit ?? createPermit({ class: "full", confidential: false }),
        { kind: "service", name: "core", local },
        "sentence",
      );
      const wanted = (kinds ?? ["message", "document"]).map((kind) => (kind === "document" ? "chunk" : kind));
      const body = {
        query: query.slice(0, longestQuery).toWellFormed(),
        scope_keys: seen.keys,
        kinds: wanted,
        ...(service === undefined ? {} : { service }),
        limit,
      };
      const { results, model } = await breakers.run(name, () => search(body, signal ?? new AbortController().signal));
      weight = model === "athena-embed" ? weights.hashed : weights.model;
      return results.filter(({ score }) => score > 0);
    },
  };
};
