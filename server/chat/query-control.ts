import type { IncomingHttpHeaders } from "node:http";
import { z } from "zod";
import { Mode } from "../../platform/egress/egress-class.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { canonicalLocale, canonicalTimezone } from "../../platform/language/intl-names.ts";
import { type Given, given } from "./given.ts";

/** What a caller names a message by, so that sending it twice stores it once. */
export const MessageKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, "expected 1 to 128 visible characters")
  .describe("Of the caller's choosing: the same key again in this thread is the same message.");
export const Scope = z.enum(["personal", "team", "public"]);
export const Locale = z
  .string()
  .max(64)
  .refine(canonicalLocale, "expected a language tag such as 'pl' or 'en-GB'")
  .overwrite((tag) => canonicalLocale(tag) ?? tag);
/** Kept as it was written: the canonical name may be one that its people have given up (`Europe/Kiev`). */
export const Timezone = z
  .string()
  .max(64)
  .refine(canonicalTimezone, "expected an IANA time zone such as 'Europe/Warsaw'");

/** Strings because OpenAI's metadata and headers hold nothing else; a client's own JSON may send the boolean. */
const Consent = z
  .union([z.boolean(), z.enum(["true", "false", "1", "0", "yes", "no"])])
  .transform((value) => (typeof value === "boolean" ? value : value === "true" || value === "1" || value === "yes"));

const controls = { mode: Mode, consent: Consent, scope: Scope, locale: Locale, timezone: Timezone } as const;

/** How a query is to be treated, beside what it says. */
export type QueryControl = Given<{
  threadId: string | undefined;
  mode: Mode;
  consent: boolean;
  scope: z.infer<typeof Scope> | undefined;
  locale: string | undefined;
  timezone: string | undefined;
  /** The thread id was reserved by the server; see `QueryInput`. */
  createThread: boolean | undefined;
  voice: boolean | undefined;
}>;

const threadIdPattern = /^[\w-]{1,128}$/;

/** A thread id that may be looked up. @throws {AppError} NOT_FOUND for one that no thread can have. */
export const toThreadId = (value: unknown): string => {
  if (typeof value === "string" && threadIdPattern.test(value)) return value;
  throw new AppError("NOT_FOUND", "There is no such thread.");
};

const read = <Output>(schema: z.ZodType<Output>, value: unknown, field: string): Output | undefined => {
  if (value === undefined || value === null || value === "") return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const reason = parsed.error.issues[0]?.message.replace(/^Invalid (?:input|option): /, "") ?? "not allowed";
  throw new AppError("INVALID_INPUT", `'${field}' is wrong: ${reason}.`, { field });
};

/**
 * Reads thread, mode, consent, scope, locale and timezone from a chat client's headers and metadata; headers win. A
 * confidential model name cannot be loosened by either.
 * @throws {AppError} INVALID_INPUT naming the header or the metadata key; NOT_FOUND for an impossible thread id.
 */
export const toQueryControl = (
  headers: IncomingHttpHeaders,
  metadata: Readonly<Record<string, unknown>>,
  confidentialModel: boolean,
): QueryControl => {
  const thread = headers["x-athena-thread"] ?? metadata.thread_id ?? "";
  const mode =
    read(controls.mode, headers["x-athena-mode"], "X-Athena-Mode") ??
    read(controls.mode, metadata.mode, "metadata.mode") ??
    "open";
  const consent =
    read(controls.consent, headers["x-athena-consent"], "X-Athena-Consent") ??
    read(controls.consent, metadata.consent, "metadata.consent") ??
    false;
  return given({
    threadId: thread === "" ? undefined : toThreadId(thread),
    mode: confidentialModel ? ("confidential" as const) : mode,
    consent,
    scope: read(controls.scope, metadata.scope, "metadata.scope"),
    locale: read(controls.locale, metadata.locale, "metadata.locale"),
    timezone: read(controls.timezone, metadata.timezone, "metadata.timezone"),
    createThread: undefined,
    voice: undefined,
  });
};
