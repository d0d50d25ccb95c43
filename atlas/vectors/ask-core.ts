import { sendOnce } from "../../platform/egress/send-once.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { DeepEmbedReply } from "../deep/deep-embed.ts";

export interface AskCoreDeps {
  /** Address of the core. */
  readonly url: string;
  readonly key: string;
  readonly fetch?: typeof globalThis.fetch;
}

export interface CoreAsk {
  readonly texts: readonly string[];
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** 64 vectors of a few thousand numbers, each with all its digits. */
const mostBytes = 32 * 1024 * 1024;
/** What a core says of texts that its model, or it itself, does not take. */
const refusals: ReadonlySet<string> = new Set([
  "context_too_long",
  "guardrail_violation",
  "invalid_input",
  "provider_refused",
  "too_large",
]);

const codeOf = (text: string): string => {
  try {
    const { error } = JSON.parse(text) as { error?: { code?: unknown } };
    return typeof error?.code === "string" ? error.code : "";
  } catch {
    return "";
  }
};

/**
 * Has the core embed texts, in one attempt.
 * @throws {AppError} UPSTREAM_UNAVAILABLE (retryable) without a reply that can be used; PROVIDER_REFUSED for texts that are not
 *   taken; the signal's reason.
 */
export const createAskCore = ({ url, key, fetch = globalThis.fetch }: AskCoreDeps) => {
  const address = new URL("atlas/deep/embed", url.endsWith("/") ? url : `${url}/`);
  return async function askCore({ texts, timeoutMs, signal }: CoreAsk): Promise<DeepEmbedReply> {
    const { status, text } = await sendOnce({
      provider: "The core",
      url: address,
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json", authorization: `Bearer ${key}` },
      body: JSON.stringify({ texts }),
      signal,
      timeoutMs,
      maxBytes: mostBytes,
      fetch,
    });
    if (status !== 200) {
      if (refusals.has(codeOf(text))) throw new AppError("PROVIDER_REFUSED", "The core does not take a text.");
      const why = status === 401 ? "does not know this ATHENA_CORE_KEY" : `answered ${status}`;
      throw new AppError("UPSTREAM_UNAVAILABLE", `The core ${why}.`);
    }
    const unreadable = (cause?: unknown) =>
      new AppError("UPSTREAM_UNAVAILABLE", "The core's vectors cannot be read.", { cause });
    let reply: DeepEmbedReply;
    try {
      reply = DeepEmbedReply.parse(JSON.parse(text));
    } catch (cause) {
      throw unreadable(cause);
    }
    if (reply.vectors.length !== texts.length) throw unreadable();
    return reply;
  };
};
