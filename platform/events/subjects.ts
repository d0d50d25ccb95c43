import { z } from "zod";

const identifier = z.string().min(1);

/** Ids only: who consumes it reads the message itself under the reader's own rights. */
const message = z.object({
  message_id: z.uuid(),
  thread_id: z.uuid(),
  channel_id: identifier,
  position: z.int().positive(),
  role: z.enum(["user", "assistant", "system", "agent", "tool"]),
  scope_key: identifier,
  mode: z.enum(["open", "confidential"]),
});
const revision = message.extend({ revision: z.int().positive() });

/** Every subject that is emitted, with the schema of its payload. Names in braces are tokens taken from data. */
export const subjects = {
  "message.created.{channel}": message,
  "message.edited.{channel}": revision,
  "message.deleted.{channel}": revision,
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
} as const;

export type SubjectTemplate = keyof typeof subjects;
export type Payload<Template extends SubjectTemplate> = z.input<(typeof subjects)[Template]>;

type TokenName<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | TokenName<Rest>
  : never;
export type Tokens<Template extends SubjectTemplate> = Readonly<Record<TokenName<Template>, string>>;

/** Data as one token of a subject: percent-encoded with `.` and `*` too; `decodeURIComponent` gives it back. Empty becomes `_`. */
export const escapeToken = (data: string): string =>
  encodeURIComponent(data.toWellFormed()).replace(
    /[.*!'()~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  ) || "_";

/** The subject of a template: `subjectOf("message.created.{channel}", { channel: "a.b" })` is `message.created.a%2Eb`. */
export const subjectOf = <Template extends SubjectTemplate>(template: Template, tokens: Tokens<Template>): string =>
  template.replace(/\{(\w+)\}/g, (_match, name: string) => escapeToken((tokens as Record<string, string>)[name] ?? ""));
