import { AppError, isAppError } from "../errors/app-error.ts";
import { createExchange, type Exchange, type ExchangeOptions } from "./exchange.ts";
import { type FailureContext, mapFailure, type UpstreamFailure } from "./map-failure.ts";

/** What a package threw, where the wire itself saw nothing wrong. */
const failureOf = (error: unknown): UpstreamFailure => {
  if (error instanceof SyntaxError) return { kind: "garbage", cause: error };
  const { message, name } = error instanceof Error ? error : { message: "", name: "" };
  // Ollama's client when a stream ends without its last line; undici when the socket breaks.
  if (/did not receive done/i.test(message) || name === "TypeError" || /terminated|aborted|premature/i.test(message)) {
    return { kind: "cut", cause: error };
  }
  return { kind: "reported", text: JSON.stringify({ message, error: (error as { error?: unknown } | null)?.error }) };
};

const toAppError = (error: unknown, exchange: Exchange, context: FailureContext, signal: AbortSignal): unknown => {
  if (signal.aborted || isAppError(error)) return error;
  return mapFailure(exchange.failure ?? failureOf(error), context);
};

/** Runs one call of a provider package on a watched exchange; whatever it throws becomes an AppError. */
export const callProvider = async <Value>(
  options: ExchangeOptions,
  context: FailureContext,
  call: (fetch: typeof globalThis.fetch) => Promise<Value>,
): Promise<Value> => {
  const exchange = createExchange(options);
  try {
    return await call(exchange.fetch);
  } catch (error) {
    throw toAppError(error, exchange, context, options.signal);
  }
};

/** The same for a stream. */
export async function* streamProvider<Value>(
  options: ExchangeOptions,
  context: FailureContext,
  open: (fetch: typeof globalThis.fetch) => AsyncIterable<Value>,
): AsyncGenerator<Value> {
  const exchange = createExchange(options);
  try {
    yield* open(exchange.fetch);
  } catch (error) {
    throw toAppError(error, exchange, context, options.signal);
  }
}

/** Reads a small JSON reply of a provider's own listing routes. */
export const readJson = (
  options: Omit<ExchangeOptions, "reply">,
  context: FailureContext,
  url: string,
  init: RequestInit = {},
): Promise<unknown> =>
  callProvider({ ...options, reply: "json" }, context, async (fetch) => {
    const text = await (await fetch(url, init)).text();
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new AppError("PROVIDER_SERVER_ERROR", "A provider's list of models is no JSON.", { cause });
    }
  });
