import { AppError } from "../errors/app-error.ts";
import type { OutboundReply } from "./outbound.ts";

export interface SendOnceRequest {
  /** Names the other side in error messages. */
  readonly provider: string;
  readonly url: URL;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  /** Already serialised. */
  readonly body?: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly fetch: typeof globalThis.fetch;
}

/** Why an attempt gave no reply; `connection` is the only one that a second try may mend. */
export type SendFailure = "connection" | "timeout" | "too_large" | "redirect";

/** An attempt that gave no reply. Its message names the provider, never the address. */
export class SendError extends AppError {
  readonly failure: SendFailure;
  constructor(failure: SendFailure, message: string, cause?: unknown) {
    super("UPSTREAM_UNAVAILABLE", message, { cause });
    this.failure = failure;
  }
}

const mostRedirects = 3;

const decode = (bytes: Buffer, contentType: string): string => {
  // Feeds in old encodings say so in the header or in the XML declaration.
  const declared =
    /charset="?([\w-]+)/i.exec(contentType)?.[1] ??
    /^\s*<\?xml[^>]{0,80}encoding=["']([\w-]+)/.exec(bytes.toString("latin1", 0, 160))?.[1];
  try {
    return new TextDecoder(declared ?? "utf-8").decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
};

const readBounded = async (response: Response, maxBytes: number, provider: string): Promise<string> => {
  const tooLarge = () => new SendError("too_large", `${provider} sent more than can be taken.`);
  if (Number(response.headers.get("content-length") ?? 0) > maxBytes) throw tooLarge();
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of response.body ?? []) {
    size += piece.byteLength; // after decompression: a small deflated reply may be huge
    if (size > maxBytes) throw tooLarge();
    pieces.push(piece);
  }
  return decode(Buffer.concat(pieces), response.headers.get("content-type") ?? "");
};

/** Where a redirect leads, or undefined when the reply is none. */
const redirectTarget = (response: Response, request: SendOnceRequest, from: URL): URL | undefined => {
  if (![301, 302, 303, 307, 308].includes(response.status)) return undefined;
  const location = response.headers.get("location");
  const target = location === null ? null : URL.parse(location, from.href);
  if (request.method !== "GET" || target?.origin !== from.origin) {
    throw new SendError("redirect", `${request.provider} pointed to another address, which is not followed.`);
  }
  return target;
};

/**
 * One HTTP attempt: any status is a reply. The time limit covers connecting and reading to the end; redirects are followed
 * within the origin only. Leaves no listener on `signal`.
 * @throws {SendError} UPSTREAM_UNAVAILABLE without a whole reply; the signal's reason when aborted.
 */
export const sendOnce = async (request: SendOnceRequest): Promise<OutboundReply> => {
  const { signal, provider } = request;
  signal.throwIfAborted();
  const attempt = new AbortController();
  const stop = () => attempt.abort();
  const timer = setTimeout(stop, request.timeoutMs);
  signal.addEventListener("abort", stop, { once: true });
  try {
    let url = request.url;
    for (let hops = 0; hops <= mostRedirects; hops += 1) {
      const response = await request.fetch(url, {
        method: request.method,
        headers: request.headers,
        redirect: "manual",
        signal: attempt.signal,
        ...(request.body === undefined ? {} : { body: request.body }),
      });
      const target = redirectTarget(response, request, url);
      if (target === undefined) {
        const text = await readBounded(response, request.maxBytes, provider);
        return { status: response.status, headers: response.headers, text };
      }
      await response.body?.cancel();
      url = target;
    }
    throw new SendError("redirect", `${provider} redirected too often.`);
  } catch (cause) {
    signal.throwIfAborted(); // the caller left; that is not the provider's failure
    if (cause instanceof SendError) throw cause;
    if (attempt.signal.aborted) throw new SendError("timeout", `${provider} did not answer in time.`, cause);
    throw new SendError("connection", `${provider} cannot be reached.`, cause);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    attempt.abort(); // frees the connection of a reply that was not read to its end
  }
};
