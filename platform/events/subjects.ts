import { z } from "zod";
import { AppError } from "../errors/app-error.ts";
import { escapeToken, isSubject, matchesSubject, templateToPattern } from "./subject-templates.ts";

const identifier = z.string().min(1);
const count = z.int().min(0);
const mode = z.enum(["open", "confidential"]);

/** Ids only: who consumes it reads the message itself under the reader's own rights. */
const message = z.object({
  message_id: z.uuid(),
  thread_id: z.uuid(),
  channel_id: identifier,
  position: z.int().positive(),
  role: z.enum(["user", "assistant", "system", "agent", "tool"]),
  scope_key: identifier,
  mode,
});
/** One event for all that one transaction appended to a thread: id, position and role are the first message's. */
const created = message.extend({ count: z.int().positive().default(1) });
const revision = message.extend({ revision: z.int().positive() });
const attachment = z.object({
  attachment_id: z.uuid(),
  thread_id: z.uuid().optional(),
  message_id: z.uuid().optional(),
  scope_key: identifier,
  mode,
});
const content = z.object({ content_id: identifier, scope_key: identifier, mode });
const run = z.object({ run_id: identifier, agent: identifier, thread_id: z.uuid().optional(), principal: identifier });
/** What one of another program may ask for, with the input of an open conversation; of our own jobs the input is in their rows. */
const requested = run.extend({ input: z.record(z.string(), z.unknown()).optional() });
const ended = run.extend({ ms: z.number().min(0) });
const handoff = z.object({
  handoff_id: identifier,
  run_id: identifier,
  from: identifier,
  to: identifier,
  thread_id: z.uuid().optional(),
});
const quota = z.object({ principal: identifier, quota: identifier });

/**
 * Every subject that is emitted, with the schema of its payload: ids and small facts, never content. Names in braces are
 * tokens taken from data; `{subject}` stands for a whole subject.
 */
export const subjects = {
  "message.created.{channel}": created,
  "message.edited.{channel}": revision,
  "message.deleted.{channel}": revision,
  "attachment.created.{type}": attachment,
  "attachment.parsed.{type}": attachment.extend({ chunks: count }),
  "attachment.indexed.{type}": attachment.extend({ chunks: count }),
  "content.updated.{kind}": content,
  "content.indexed.{kind}": content.extend({ chunks: count }),
  "agent.run.requested.{agent}": requested,
  "agent.run.started.{agent}": run,
  "agent.run.completed.{agent}": ended,
  "agent.run.failed.{agent}": ended.extend({ error_code: identifier }),
  "agent.handoff.requested.{from}.{to}": handoff,
  "agent.handoff.completed.{from}.{to}": handoff,
  "quota.consumed.{user}": quota.extend({ amount: z.number().min(0) }),
  "quota.blocked.{user}": quota,
  "quota.reset.{user}": quota,
  "audit.{service}.{action}": z.object({
    id: z.int().positive(),
    actor: z.string(),
    action: z.string(),
    resource: z.string(),
    outcome: z.string(),
    payload: z.record(z.string(), z.unknown()),
    created_at: z.iso.datetime(),
    hash: z.string().length(64),
  }),
  "ops.health.{service}": z.object({ service: identifier, state: z.enum(["up", "down"]) }),
  "ops.alert.{severity}": z.object({
    alert_id: identifier,
    severity: z.enum(["info", "warning", "critical"]),
    source: identifier,
    state: z.enum(["raised", "resolved"]),
  }),
  "dlq.{subject}": z.object({
    consumer: identifier,
    event_id: identifier,
    subject: identifier,
    attempts: count,
  }),
} as const;

export type SubjectTemplate = keyof typeof subjects;
export type Payload<Template extends SubjectTemplate> = z.input<(typeof subjects)[Template]>;

type TokenName<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | TokenName<Rest>
  : never;
export type Tokens<Template extends SubjectTemplate> = Readonly<Record<TokenName<Template>, string>>;

/**
 * The subject of a template: `subjectOf("message.created.{channel}", { channel: "a.b" })` is `message.created.a%2Eb`.
 * What stands for `{subject}` is taken as it is.
 */
export const subjectOf = <Template extends SubjectTemplate>(template: Template, tokens: Tokens<Template>): string =>
  template.replace(/\{(\w+)\}/g, (_match, name: string) => {
    const data = (tokens as Record<string, string>)[name] ?? "";
    return name === "subject" && isSubject(data) ? data : escapeToken(data);
  });

const patterns = (Object.keys(subjects) as SubjectTemplate[]).map((template) => ({
  template,
  pattern: templateToPattern(template),
}));

/** The first tokens of all subjects, as the patterns that a broker's stream takes in: `message.>`, `audit.>` … */
export const subjectRoots: readonly string[] = [
  ...new Set(patterns.map(({ pattern }) => `${pattern.split(".")[0]}.>`)),
];

/** The schema of a subject's payloads; undefined when no such subject is emitted. */
export const schemaOf = (subject: string): z.ZodType | undefined => {
  const found = isSubject(subject) ? patterns.find(({ pattern }) => matchesSubject(pattern, subject)) : undefined;
  return found && subjects[found.template];
};

/**
 * A received payload as its schema gives it.
 * @throws {AppError} INVALID_INPUT when the subject is unknown or the payload does not fit; names fields, never values.
 */
export const parsePayload = (subject: string, payload: unknown): unknown => {
  const schema = schemaOf(subject);
  if (schema === undefined) throw new AppError("INVALID_INPUT", "No event has this subject.");
  const parsed = schema.safeParse(payload);
  if (parsed.success) return parsed.data;
  const fields = [...new Set(parsed.error.issues.map(({ path }) => path.join(".") || "the payload itself"))].slice(
    0,
    10,
  );
  throw new AppError("INVALID_INPUT", `The event does not fit its subject: ${fields.join(", ")}.`);
};
