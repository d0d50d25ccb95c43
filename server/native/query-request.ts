import { z } from "zod";
import { Mode } from "../../platform/egress/egress-class.ts";
import { AthenaMeta } from "../chat/athena-meta.ts";
import { Locale, MessageKey, Scope, Timezone } from "../chat/query-control.ts";

/** `POST /ai/query`. Only `text` is needed; `null` equals absent. */
export const QueryRequest = z
  .object({
    text: z.string().trim().min(1, "expected some text"),
    thread_id: z.string().nullish().describe("Absent: a fresh thread is made."),
    key: MessageKey.nullish(),
    sender: z.string().max(256).nullish(),
    mentions: z.array(z.string().max(256)).max(100).nullish(),
    source: z.string().max(256).nullish().describe("Where the caller got it from, such as `web`."),
    ts: z
      .union([z.string().max(64), z.number()])
      .nullish()
      .describe("When it was said, by the caller's clock."),
    mode: Mode.nullish(),
    consent: z.boolean().nullish(),
    scope: Scope.nullish().describe("Of a fresh thread; default `personal`."),
    team_id: z
      .string()
      .min(1)
      .max(256)
      .nullish()
      .describe("Of a fresh thread of scope `team`; needed by who is in several."),
    locale: Locale.nullish(),
    timezone: Timezone.nullish(),
  })
  .meta({ id: "QueryRequest" });
export type QueryRequest = z.infer<typeof QueryRequest>;

/** The finished query. `message_id` and `position` are those of the user's message. */
export const QueryReply = AthenaMeta.extend({
  message_id: z.string(),
  position: z.int(),
  answer: z.string(),
  usage: z.object({ prompt_tokens: z.int(), completion_tokens: z.int(), total_tokens: z.int() }),
}).meta({ id: "QueryReply" });
export type QueryReply = z.infer<typeof QueryReply>;
