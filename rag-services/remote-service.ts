import { z } from "zod";
import { createBreakers } from "../platform/egress/breakers.ts";
import { checkSlots } from "../platform/egress/check-slots.ts";
import type { Egress } from "../platform/egress/egress.ts";
import { isLoopback } from "../platform/egress/is-loopback.ts";
import { sendOnce } from "../platform/egress/send-once.ts";
import { AppError } from "../platform/errors/app-error.ts";
import { type ErrorCode, errorCodes } from "../platform/errors/error-codes.ts";
import { Degraded, Evidence } from "../platform/evidence/evidence.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import type { RagService, ServiceContext } from "./rag-service.ts";
import { phrase } from "./render-text.ts";

export interface RemoteServiceDeps<Slots extends Record<string, unknown>> {
  /** What the service offers and how its evidence is said; only its `query` is replaced. */
  readonly service: RagService<Slots>;
  /** Base address from the registry. */
  readonly url: string;
  readonly timeoutMs: number;
  readonly egress: Egress;
  readonly metrics: Pick<Metrics, "breakerOpen">;
  readonly fetch?: typeof globalThis.fetch;
}

const Answer = z.object({ evidence: z.array(Evidence.omit({ id: true })), degraded: z.array(Degraded) });
const Failure = z.object({
  error: z.object({ message: z.string().max(2_000), param: z.string().nullish(), code: z.string() }),
});

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorCodes, code);

/** The service's own failure as it was thrown there; undefined when the reply is none of ours. */
const failureOf = (text: string): AppError | undefined => {
  try {
    const { message, param, code } = Failure.parse(JSON.parse(text)).error;
    return isErrorCode(code) ? new AppError(code, message, param ? { field: param } : {}) : undefined;
  } catch {
    return undefined;
  }
};

/**
 * A service that runs as its own server. Asks egress like any other way out (`local` when the address is loopback) and hands
 * the query's class on, so that the other process lets out no more than this one would.
 */
export const createRemoteService = <Slots extends Record<string, unknown>>(
  deps: RemoteServiceDeps<Slots>,
): RagService<Slots> => {
  const { service, timeoutMs, egress, metrics, fetch = globalThis.fetch } = deps;
  const url = new URL("query", deps.url.endsWith("/") ? deps.url : `${deps.url}/`);
  const breakers = createBreakers({ metrics });

  const unavailable = (locale: string, cause: unknown): AppError =>
    new AppError(
      "UPSTREAM_UNAVAILABLE",
      phrase(locale, {
        en: `The ${service.id} service cannot be reached. Please try again later.`,
        pl: `Usługa ${service.id} jest nieosiągalna. Spróbuj ponownie później.`,
      }),
      { cause },
    );

  const post = async (slots: Slots, { signal, locale, timezone, now, permit }: ServiceContext) => {
    const body = {
      slots,
      locale,
      timezone,
      now: now.toISOString(),
      egress: permit.class,
      confidential: permit.confidential,
    };
    return breakers.run(service.id, () =>
      sendOnce({
        provider: service.id,
        url,
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json" },
        body: JSON.stringify(body),
        signal,
        timeoutMs,
        maxBytes: 4 * 1024 * 1024,
        fetch,
      }),
    );
  };

  return {
    id: service.id,
    intents: service.intents,
    slots: service.slots,
    providers: service.providers,
    render: (evidence, locale, timezone) => service.render(evidence, locale, timezone),
    async query(slots, context) {
      const { permit, signal, locale } = context;
      signal.throwIfAborted();
      await checkSlots(permit, slots); // the recognisers are here, not there
      egress(permit, { kind: "service", name: service.id, local: isLoopback(url) }, "slots");
      const reply = await post(slots, context).catch((cause: unknown) => {
        signal.throwIfAborted();
        throw unavailable(locale, cause);
      });
      if (reply.status !== 200) throw failureOf(reply.text) ?? unavailable(locale, undefined);
      try {
        return Answer.parse(JSON.parse(reply.text));
      } catch (cause) {
        throw unavailable(locale, cause);
      }
    },
  };
};
