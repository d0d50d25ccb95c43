import type { z } from "zod";
import type { OutboundReply } from "../platform/egress/outbound.ts";
import { AppError, isAppError } from "../platform/errors/app-error.ts";
import type { Degraded } from "../platform/evidence/evidence.ts";
import type { ServiceContext } from "./rag-service.ts";
import { joinList, phrase } from "./render-text.ts";

/**
 * Time for one attempt at one provider in milliseconds when another can take over: leaves room for the next within the
 * default step time-out of 4 s.
 */
export const attemptTimeoutMs = 1_800;

/** Address of a provider's resource: `base` may carry a path of its own; undefined parameters are left out. */
export const providerUrl = (
  base: string,
  path: string,
  parameters: Readonly<Record<string, string | number | undefined>> = {},
): URL => {
  const url = new URL(path.replace(/^\//, ""), base.endsWith("/") ? base : `${base}/`);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
};

/**
 * The body of a reply that must be there.
 * @throws {AppError} NOT_FOUND for 404, UPSTREAM_UNAVAILABLE for any other status but 2xx (never with the provider's words).
 */
export const expectOk = (reply: OutboundReply, provider: string): string => {
  if (reply.status >= 200 && reply.status < 300) return reply.text;
  if (reply.status === 404) throw new AppError("NOT_FOUND", `${provider} knows nothing of that.`);
  const refused = reply.status === 401 || reply.status === 403;
  throw new AppError(
    "UPSTREAM_UNAVAILABLE",
    refused ? `${provider} refused the request; its key may be wrong.` : `${provider} did not accept the request.`,
    { retryable: false },
  );
};

/**
 * A JSON reply as the schema's type.
 * @throws {AppError} as `expectOk`; UPSTREAM_UNAVAILABLE for anything that is not JSON of that shape.
 */
export const parseReply = <Schema extends z.ZodType>(
  schema: Schema,
  reply: OutboundReply,
  provider: string,
): z.output<Schema> => {
  const text = expectOk(reply, provider);
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError("UPSTREAM_UNAVAILABLE", `${provider} sent something that cannot be read.`, { cause });
  }
};

export interface Answered<Provider, Value> {
  readonly value: Value;
  readonly provider: Provider;
  /** One line for each provider that failed before this one answered. */
  readonly degraded: readonly Degraded[];
}

const failureText = (error: unknown, name: string, locale: string): string => {
  const waited = error instanceof Error && "failure" in error && error.failure === "timeout";
  return phrase(locale, {
    en: waited ? `${name} did not answer in time` : `${name} could not be used`,
    pl: waited ? `${name} nie odpowiada na czas` : `nie udało się skorzystać z: ${name}`,
  });
};

/**
 * Asks providers in order until one answers. Those without a key (NOT_CONFIGURED) are passed over in silence; NOT_FOUND lets
 * the next one try, since coverage differs.
 * @throws {AppError} EGRESS_BLOCKED and INVALID_INPUT at once; NOT_FOUND when nobody had it; NOT_CONFIGURED when none is set up;
 * UPSTREAM_UNAVAILABLE (retryable) naming the providers when none answered; the signal's reason when aborted.
 */
export const firstThatAnswers = async <Provider extends { readonly name: string }, Value>(
  providers: readonly Provider[],
  call: (provider: Provider) => Promise<Value>,
  { signal, locale }: Pick<ServiceContext, "signal" | "locale">,
): Promise<Answered<Provider, Value>> => {
  const failed: { readonly name: string; readonly error: unknown }[] = [];
  let notFound: unknown;
  let notConfigured: unknown;
  for (const provider of providers) {
    signal.throwIfAborted();
    try {
      const value = await call(provider);
      const degraded = failed.map(({ name, error }) => ({
        part: name,
        reason: phrase(locale, {
          en: `${failureText(error, name, "en")}; ${provider.name} was asked instead.`,
          pl: `${failureText(error, name, "pl")}; odpowiada ${provider.name}.`,
        }),
      }));
      return { value, provider, degraded };
    } catch (error) {
      signal.throwIfAborted();
      if (isAppError(error, "EGRESS_BLOCKED") || isAppError(error, "INVALID_INPUT")) throw error;
      if (isAppError(error, "NOT_FOUND")) notFound ??= error;
      else if (isAppError(error, "NOT_CONFIGURED")) notConfigured ??= error;
      else failed.push({ name: provider.name, error });
    }
  }
  if (notFound !== undefined) throw notFound;
  if (failed.length === 0 && notConfigured !== undefined) throw notConfigured;
  const names = joinList(
    failed.map(({ name }) => name),
    locale,
  );
  throw new AppError(
    "UPSTREAM_UNAVAILABLE",
    phrase(locale, {
      en: `No source could be reached (${names}). Please try again later.`,
      pl: `Nie udało się połączyć z żadnym źródłem (${names}). Spróbuj ponownie później.`,
    }),
    { cause: failed.at(-1)?.error },
  );
};

/** INVALID_INPUT for a slot that is missing or cannot be used; the message is a question or sentence in the user's language. */
export const slotError = (
  field: string,
  locale: string,
  texts: { readonly en: string; readonly pl: string },
): AppError => new AppError("INVALID_INPUT", phrase(locale, texts), { field });
