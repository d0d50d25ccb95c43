import { sendOnce } from "../../platform/egress/send-once.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { SyncPage } from "../deep/sync-page.ts";

/** The engine that a core follows. */
export interface EdgeClient {
  /** The next changes; says that everything before `after` is held for good. @throws {AppError} UPSTREAM_UNAVAILABLE */
  pull(ask: {
    readonly after: string | undefined;
    readonly waitSeconds: number;
    readonly signal: AbortSignal;
  }): Promise<SyncPage>;
}

export interface EdgeClientDeps {
  readonly url: string;
  readonly key: string;
  /** Names this core in the engine's status, where there are several. */
  readonly reader?: string;
  readonly pageSize?: number;
  readonly fetch?: typeof globalThis.fetch;
}

const answerMs = 30_000;
const mostBytes = 64 * 1024 * 1024;

/** Talks to the engine over HTTP with the key that both have. */
export const createEdgeClient = (deps: EdgeClientDeps): EdgeClient => {
  const { url, key, reader = "core", pageSize = 200, fetch = globalThis.fetch } = deps;
  return {
    async pull({ after, waitSeconds, signal }) {
      const address = new URL("atlas/sync", url.endsWith("/") ? url : `${url}/`);
      address.search = new URLSearchParams({
        ...(after === undefined ? {} : { after }),
        limit: `${pageSize}`,
        wait: `${waitSeconds}`,
        reader,
      }).toString();
      const { status, text } = await sendOnce({
        provider: "The engine",
        url: address,
        method: "GET",
        headers: { accept: "application/json", authorization: `Bearer ${key}` },
        signal,
        timeoutMs: waitSeconds * 1_000 + answerMs,
        maxBytes: mostBytes,
        fetch,
      });
      if (status !== 200) {
        const why = status === 401 ? "does not know this ATHENA_CORE_KEY" : `answered ${status}`;
        throw new AppError("UPSTREAM_UNAVAILABLE", `The engine ${why}.`);
      }
      try {
        return SyncPage.parse(JSON.parse(text));
      } catch (cause) {
        throw new AppError("UPSTREAM_UNAVAILABLE", "The engine's changes cannot be read.", { cause });
      }
    },
  };
};
