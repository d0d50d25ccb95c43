import type { UpstreamFailure } from "./map-failure.ts";
import { retryAfterSeconds } from "./retry-after.ts";

export interface ExchangeOptions {
  readonly fetch: typeof globalThis.fetch;
  readonly signal: AbortSignal;
  readonly reply: "events" | "lines" | "json";
}

/** One HTTP exchange of a provider package, watched from below. */
export interface Exchange {
  /** Handed to the package in place of the global one. */
  readonly fetch: typeof globalThis.fetch;
  /** What went wrong on the wire; undefined when nothing did. */
  readonly failure: UpstreamFailure | undefined;
}

const mostErrorBytes = 65_536;
const mostLineBytes = 8 * 1_048_576;
const mostBytes = 64 * 1_048_576;

/** Thrown through the package; what happened is in `failure`. */
class WireError extends Error {}

/**
 * Watches one exchange from under the provider's package, because the packages lose what is needed above: Ollama's drops
 * `Retry-After`, prints lines that it cannot parse (they may be confidential), and cannot be aborted; both follow redirects
 * (which could carry a confidential query off this machine) and read replies of any size.
 */
export const createExchange = ({ fetch, signal, reply }: ExchangeOptions): Exchange => {
  const state: { failure: UpstreamFailure | undefined } = { failure: undefined };
  const fail = (failure: UpstreamFailure): never => {
    state.failure ??= failure;
    throw new WireError(failure.kind);
  };
  const send: typeof globalThis.fetch = async (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set("accept-encoding", "identity");
    const response = await fetch(input, { ...init, headers, signal, redirect: "manual" }).catch((cause: unknown) =>
      fail({ kind: "connection", cause }),
    );
    if (!response.ok) {
      const wait = retryAfterSeconds(response.headers);
      const text = await readError(response);
      return fail({
        kind: "status",
        status: response.status,
        text,
        ...(wait !== undefined && { retryAfterSeconds: wait }),
      });
    }
    const { body } = response;
    if (body === null || /text\/html/i.test(response.headers.get("content-type") ?? "")) {
      await body?.cancel();
      return fail({ kind: "garbage" });
    }
    const check = reply === "lines" ? checkedLines(fail) : boundedLines(fail, reply === "json");
    // A package that has what it wants cancels its stream; what little is left is read, which keeps the connection.
    body
      .pipeTo(check.writable, { preventCancel: true })
      .catch(() => (state.failure ? body.cancel().catch(() => undefined) : drain(body)));
    return new Response(check.readable, { status: response.status, headers: response.headers });
  };
  return {
    fetch: send,
    get failure() {
      return state.failure;
    },
  };
};

/** Reads a stream to its end, or until its signal aborts it. */
const drain = async (body: ReadableStream<Uint8Array>): Promise<void> => {
  try {
    for await (const piece of body) if (piece.byteLength > mostErrorBytes) return;
  } catch {
    // It was aborted; nobody waits for it.
  }
};

/** So many pieces wait between the wire and the package, which lets a reply end although nobody reads its last bytes. */
const readAhead = new CountQueuingStrategy({ highWaterMark: 16 });

type Fail = (failure: UpstreamFailure) => never;

const readError = async (response: Response): Promise<string> => {
  let text = "";
  const decoder = new TextDecoder();
  try {
    for await (const piece of response.body ?? []) {
      text += decoder.decode(piece, { stream: true });
      if (text.length > mostErrorBytes) break;
    }
  } catch {
    // The status alone tells enough.
  }
  return text.slice(0, mostErrorBytes);
};

/** Passes bytes on as long as the reply, and each line of it, stays below the limits. */
const boundedLines = (fail: Fail, oneLine: boolean): TransformStream<Uint8Array, Uint8Array> => {
  let total = 0;
  let line = 0;
  return new TransformStream(
    {
      transform(piece, controller) {
        total += piece.byteLength;
        const newline = piece.lastIndexOf(10);
        line = newline < 0 ? line + piece.byteLength : piece.byteLength - newline - 1;
        if (total > mostBytes || (!oneLine && line > mostLineBytes)) fail({ kind: "too-large" });
        controller.enqueue(piece);
      },
    },
    undefined,
    readAhead,
  );
};

/** Passes whole lines on, each of which must be JSON; blank ones are dropped. */
const checkedLines = (fail: Fail): TransformStream<Uint8Array, Uint8Array> => {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let total = 0;
  // Pieces of a line that has not ended; joined once, since a long line comes in many.
  let rest: string[] = [];
  let restLength = 0;
  const pass = (line: string, controller: TransformStreamDefaultController<Uint8Array>) => {
    if (line.trim() === "") return;
    try {
      JSON.parse(line);
    } catch {
      fail({ kind: "garbage" });
    }
    controller.enqueue(encoder.encode(`${line}\n`));
  };
  return new TransformStream(
    {
      transform(piece, controller) {
        total += piece.byteLength;
        const [head = "", ...lines] = decoder.decode(piece, { stream: true }).split("\n");
        rest.push(head);
        restLength += head.length;
        if (total > mostBytes || restLength > mostLineBytes) fail({ kind: "too-large" });
        if (lines.length === 0) return;
        const tail = lines.pop() ?? "";
        lines.unshift(rest.join(""));
        rest = [tail];
        restLength = tail.length;
        for (const line of lines) pass(line, controller);
      },
      flush(controller) {
        pass(rest.join("") + decoder.decode(), controller);
      },
    },
    undefined,
    readAhead,
  );
};
