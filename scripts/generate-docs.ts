import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { Settings, secretSettings } from "../platform/config/settings.ts";
import { type ErrorCode, errorCodes } from "../platform/errors/error-codes.ts";
import { serverDocuments } from "../server/documents.ts";

/** Pages and files that are made from the code: `npm run docs` writes them, a test fails when they differ. */

/** Defaults that differ from machine to machine are told in words by the description. */
const machineDefaults: ReadonlySet<string> = new Set(["ATHENA_TIMEZONE"]);

interface SettingRow {
  readonly name: string;
  readonly kind: string;
  /** Undefined: unset. */
  readonly standard: string | undefined;
  readonly meaning: string;
}

const kindOf = (schema: z.core.JSONSchema.BaseSchema): string => {
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(", ");
  if (schema.format === "uri" || schema.type === "string") return schema.format === "uri" ? "address" : "text";
  const { minimum, maximum, exclusiveMinimum } = schema;
  const least = minimum === undefined ? "" : `from ${minimum}`;
  const from = exclusiveMinimum === undefined ? least : `above ${exclusiveMinimum}`;
  const whole = schema.type === "integer" ? "whole number" : "number";
  const bounded = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  return [whole, from, bounded ? `to ${maximum}` : ""].filter((part) => part !== "").join(" ");
};

const settingRows = (): readonly SettingRow[] => {
  const { properties = {} } = z.toJSONSchema(Settings, { io: "input", unrepresentable: "any" });
  return Object.entries(Settings.shape).map(([name, type]) => {
    const schema = properties[name] as z.core.JSONSchema.BaseSchema;
    const given = z.safeParse(type, undefined);
    const standard =
      given.success && given.data !== undefined && !machineDefaults.has(name) ? String(given.data) : undefined;
    const meaning = (schema.description ?? "").replace(/\|/g, "\\|");
    return {
      name,
      kind: secretSettings.has(name) ? "secret" : kindOf(schema),
      standard: standard || undefined,
      meaning,
    };
  });
};

const settingsPage = (): string => `<!-- Made from platform/config/settings.ts by \`npm run docs\`. -->
# Settings

Environment variables, read once at start. An empty value counts as unset; a wrong one stops the start with a sentence that
names it. \`npx athena config\` shows what is in force.

| variable | kind | default | meaning |
| --- | --- | --- | --- |
${settingRows()
  .map(
    ({ name, kind, standard, meaning }) =>
      `| \`${name}\` | ${kind} | ${standard ? `\`${standard}\`` : ""} | ${meaning} |`,
  )
  .join("\n")}
`;

const environmentExample =
  (): string => `# Settings with their defaults. Made from platform/config/settings.ts by \`npm run docs\`.
# Pass them in the environment, for example: node --env-file=.env bin/athena.js serve
${settingRows()
  .map(({ name, standard, meaning }) => `\n# ${meaning.replaceAll("`", "")}\n#${name}=${standard ?? ""}`)
  .join("\n")}
`;

/** What each code means to the caller; the table of codes knows only status and retry. */
const meanings: Readonly<Record<ErrorCode, string>> = {
  INVALID_INPUT: "The request cannot be used as it is; the field at fault is named.",
  CONTEXT_TOO_LONG: "The conversation is longer than the model can read.",
  UNAUTHENTICATED: "No API key, or one that is not known.",
  POLICY_DENIED: "The caller is known but may not do this.",
  EGRESS_BLOCKED: "Privacy forbids that this leaves the machine, and nothing local could answer.",
  NOT_FOUND: "There is no such thing, or it is another's; the two look the same.",
  MODEL_NOT_FOUND: "There is no such model.",
  METHOD_NOT_ALLOWED: "The path exists, but not for this method.",
  CONFLICT: "The request meets another that is still running.",
  TOO_LARGE: "The body is larger than `ATHENA_MAX_BODY_BYTES`.",
  UNSUPPORTED_MEDIA_TYPE: "The body is not `application/json`.",
  UPGRADE_REQUIRED: "This path is for WebSockets.",
  IDEMPOTENCY_MISMATCH: "The `Idempotency-Key` was used with another body.",
  GUARDRAIL_VIOLATION: "A guardrail, ours or the provider's, refused the content.",
  RATE_LIMITED: "Too many requests; `Retry-After` says when to come back.",
  CLIENT_CLOSED: "The caller left before the answer was complete.",
  CONFIG_INVALID: "A setting cannot be used; start stops with its name.",
  INTERNAL: "A fault of Athena's own; the log has the request's id.",
  NOT_CONFIGURED: "This needs a setting that is not set; the message names it.",
  PROVIDER_REFUSED: "The model's provider refused the request.",
  PROVIDER_SERVER_ERROR: "The model's provider failed.",
  PROVIDER_OVERLOADED: "The model's provider has too much to do.",
  PROVIDER_TIMEOUT: "The model's provider did not answer in time.",
  UPSTREAM_UNAVAILABLE: "A source of facts cannot be reached.",
  EVENTS_UNAVAILABLE: "The event bus cannot be reached; events wait in the outbox.",
  DATABASE_UNAVAILABLE: "The database cannot be reached, or is busy with the same rows.",
  DEADLINE_EXCEEDED:
    "The query took longer than `ATHENA_DEADLINE_SECONDS`, or the database too long for one statement.",
};

const errorsPage = (): string => `<!-- Made from platform/errors/error-codes.ts by \`npm run docs\`. -->
# Errors

Every failure has one of these codes. Each surface says it in its own envelope, always with the request's id; "retry" says
whether the same request may succeed later (then \`Retry-After\` is sent where a time is known).

| code | status | retry | meaning |
| --- | --- | --- | --- |
${Object.entries(errorCodes)
  .map(
    ([code, { status, retryable }]) =>
      `| \`${code}\` | ${status} | ${retryable ? "yes" : "no"} | ${meanings[code as ErrorCode]} |`,
  )
  .join("\n")}
`;

/** Every generated file by its path, with the content that it should have. */
export const generatedFiles = (): Readonly<Record<string, string>> => ({
  "docs/settings.md": settingsPage(),
  ".env.example": environmentExample(),
  "docs/errors.md": errorsPage(),
  ...serverDocuments(),
});

if (import.meta.main) {
  const root = resolve(import.meta.dirname, "..");
  for (const [path, content] of Object.entries(generatedFiles())) {
    const file = resolve(root, path);
    let before = "";
    try {
      before = readFileSync(file, "utf8");
    } catch {
      // written for the first time
    }
    if (before === content) continue;
    writeFileSync(file, content);
    console.log(`wrote ${path}`);
  }
}
