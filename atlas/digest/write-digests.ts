import { contentHash } from "../../platform/db/canonical-json.ts";
import type { Database } from "../../platform/db/database.ts";
import { storableJson } from "../../platform/db/storable.ts";
import { subjectOf } from "../../platform/events/subjects.ts";
import type { PlaintextRule } from "../follow/plaintext-rule.ts";
import { idOf } from "../import/imported.ts";
import type { DigestPeriod } from "./digest-source.ts";
import { type Digest, readDigest, scopesOf } from "./read-digest.ts";
import { renderDigest } from "./render-digest.ts";

export interface WriteDigestsDeps {
  readonly database: Database;
  /** What a scope may be told of in clear. */
  readonly rule: PlaintextRule;
}

export interface WrittenDigests {
  readonly written: number;
  /** Scopes whose period has its digest already. */
  readonly kept: number;
  /** Scopes of which there was nothing to tell. */
  readonly empty: number;
}

type StoreState = "ok" | "exists" | "changed" | "closed";

/** Threads that turned confidential or were erased hold no digest: another one is begun. */
const mostThreads = 20;
/** Times that a digest is read again because something it quotes changed meanwhile. */
const mostTries = 3;
/** Who owns what belongs to no single person. */
const nobody = "atlas-digest";

const localDay = ({ from, timezone }: DigestPeriod): string =>
  new Intl.DateTimeFormat("en-CA", { timeZone: timezone, dateStyle: "short" }).format(from);

/**
 * Writes the digest of a period for each scope in which something was said: a message by `atlas-digest` in a thread of its own, and a
 * document, both of that scope; nothing confidential is in it. A period that has its digest gets no other one.
 * @throws {AppError} DATABASE_UNAVAILABLE; the signal's reason.
 */
export const writeDigests = async (
  { database, rule }: WriteDigestsDeps,
  period: DigestPeriod,
  signal: AbortSignal,
): Promise<WrittenDigests> => {
  const day = localDay(period);

  const store = async (scopeKey: string, digest: Digest, number: number): Promise<StoreState> => {
    const { title, channelTitle, content, sections } = renderDigest(digest, period);
    const channel = `digest:${scopeKey}`;
    const request = storableJson({
      scope_key: scopeKey,
      owner: scopeKey.startsWith("user:") ? scopeKey.slice("user:".length) : nobody,
      period: day,
      channel_id: channel,
      channel_title: channelTitle,
      thread_id: idOf("digests", scopeKey, String(number)),
      meta: { title: channelTitle, kind: "digest" },
      message_id: idOf("digest", scopeKey, day),
      message_meta: { kind: "digest", period: { from: period.from.toISOString(), to: period.to.toISOString() } },
      content,
      document_id: idOf("digest document", scopeKey, day),
      source: `atlas-digest/${day}`,
      title,
      content_hash: contentHash(sections),
      chunks: sections.map(({ heading, text }) => ({ heading_path: [title, heading], content: text })),
      sources: digest.sources,
      revisions: digest.revisions,
      created_subject: subjectOf("message.created.{channel}", { channel }),
      deleted_subject: subjectOf("message.deleted.{channel}", { channel }),
    });
    const [row] = await database.query<{ answer: { state: StoreState } }>(
      "select digest_store($1::jsonb) as answer",
      [JSON.stringify(request)],
      "digest_store",
    );
    return row!.answer.state;
  };
  const write = async (scopeKey: string): Promise<keyof WrittenDigests> => {
    const [there] = await database.query("select 1 from digests where scope_key = $1 and period = $2", [scopeKey, day]);
    if (there) return "kept";
    let thread = 1;
    for (let tries = 0; tries < mostTries; ) {
      const digest = await readDigest(database, scopeKey, period, signal);
      if (!digest) return "empty";
      const state = await store(scopeKey, digest, thread);
      if (state === "ok") return "written";
      if (state === "exists") return "kept";
      if (state === "closed" && thread < mostThreads) thread += 1;
      else tries += 1;
    }
    return "empty";
  };

  const counts = { written: 0, kept: 0, empty: 0 };
  for (const scopeKey of await scopesOf(database, period, rule)) {
    signal.throwIfAborted();
    counts[await write(scopeKey)] += 1;
  }
  return counts;
};
