import { randomUUID } from "node:crypto";
import type { NewMessage, QueryLogRow, Thread } from "../../atlas/timeline.ts";
import type { Principal } from "../../platform/policy/principal.ts";

/** Somebody whom no other test knows. */
export const somebody = (): Principal => ({
  id: `key:${randomUUID().slice(0, 8)}`,
  roles: ["user"],
  profile: "openai",
});

/** A message of a user. */
export const said = (content: string, meta: Record<string, unknown> = {}): NewMessage => ({
  role: "user",
  author: "ada",
  content,
  meta,
});

/** The log row of a query. */
export const logOf = (thread: Thread, change: Partial<QueryLogRow> = {}): QueryLogRow => ({
  id: randomUUID(),
  threadId: thread.id,
  principal: thread.owner,
  surface: "openai",
  agent: "athena",
  mode: thread.mode,
  egress: "full",
  intents: [{ name: "weather", confidence: 0.9, tier: "pattern" }],
  calls: [{ kind: "service", target: "weather", status: "ok", ms: 3.5 }],
  model: "openai/gpt-oss",
  tokensIn: 12,
  tokensOut: 34,
  cost: 0.001,
  responseMs: 5.25,
  firstTokenMs: 2,
  validation: { ok: true, violations: [] },
  degraded: [],
  receipt: [{ destination: "open-meteo", content: "slots", decision: "sent" }],
  traceId: "t1",
  ...change,
});
