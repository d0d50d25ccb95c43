import type { Queryable } from "../../platform/db/database.ts";
import type { PlaintextRule } from "../follow/plaintext-rule.ts";
import { languageOfWords } from "../index/language-of-words.ts";
import type { TextLanguage } from "../index/languages.ts";
import { splitWords } from "../index/split-words.ts";
import { createBreather } from "../recall/breather.ts";
import type { DigestMessage, DigestPeriod, DigestSource } from "./digest-source.ts";
import { findOpposites } from "./opposite-statements.ts";

export interface GrownTopic {
  readonly topic: string;
  /** Messages in the period, and in one as long before it. */
  readonly now: number;
  readonly before: number;
}

export interface Quote {
  readonly text: string;
  readonly author: string;
  readonly at: Date;
}

/** What a digest tells of one scope. */
export interface Digest {
  readonly language: TextLanguage;
  readonly messages: number;
  readonly threads: number;
  readonly topics: readonly GrownTopic[];
  readonly openQuestions: readonly Quote[];
  /** The older statement and the newer one. */
  readonly contradictions: readonly (readonly [string, string])[];
  readonly sources: readonly DigestSource[];
  /** Edits and deletions that the quoted messages had when they were read. */
  readonly revisions: number;
}

const mostMessages = 5_000;
const mostTopics = 7;
const mostQuestions = 10;
const mostContradictions = 10;
const longestQuote = 240;
const least = 2;

// Of open threads only, and of public ones only those that are indexed.
const readable = `t.mode = 'open' and (t.scope_key <> 'public' or c.indexed)`;

const scopes = `
  select distinct m.scope_key from messages m join threads t on t.id = m.thread_id join channels c on c.id = t.channel_id
  where m.created_at >= $1 and m.created_at < $2 and ${readable} and m.author <> 'atlas-digest'
    and ($3 = 'scoped' or m.scope_key = 'public')
  order by 1`;

/** Scopes in which something was said in a period. */
export const scopesOf = async (
  database: Queryable,
  { from, to }: DigestPeriod,
  rule: PlaintextRule,
): Promise<readonly string[]> => {
  const rows = await database.query<{ scope_key: string }>(scopes, [from, to, rule]);
  return rows.map(({ scope_key }) => scope_key);
};

const said = `
  select m.id, m.thread_id, m.role, m.author, m.created_at, left(m.content, 4000) as content, coalesce(m.revision, 0) as revision
  from current_messages m join threads t on t.id = m.thread_id join channels c on c.id = t.channel_id
  where m.scope_key = $1 and m.created_at >= $2 and m.created_at < $3 and ${readable} and m.content <> ''
    and m.author <> 'atlas-digest'
  order by m.created_at desc limit ${mostMessages}`;

// Nobody said anything after it but who asked.
const unanswered = `
  select m.id from current_messages m
  where m.id = any ($1::uuid[]) and not exists (
    select from all_messages later where later.thread_id = m.thread_id and later.position > m.position
      and (later.role <> 'user' or later.author <> m.author))`;

const grown = `
  with told as (
    select x.topic as topic, x.message_id, x.created_at, i.parent from message_topics x join graph_items i on i.item = x.message_id
    where x.scope_key = $1 and x.created_at >= $2 and x.created_at < $4 and i.kind = 'message' and i.author <> 'atlas-digest'
    union
    select e.label, x.message_id, x.created_at, i.parent from message_entities x
      join graph_items i on i.item = x.message_id join entities e on e.id = x.entity_id and e.scope_key = x.scope_key
    where x.scope_key = $1 and x.created_at >= $2 and x.created_at < $4 and i.kind = 'message' and i.author <> 'atlas-digest'
      and e.type in ('host', 'service', 'project', 'place', 'person')
  )
  select topic, count(distinct message_id) filter (where told.created_at >= $3)::integer as now,
    count(distinct message_id) filter (where told.created_at < $3)::integer as before, to_jsonb(array_agg(distinct told.parent)) as parents
  from told join threads t on t.id = told.parent join channels c on c.id = t.channel_id where ${readable}
  group by topic
  having count(distinct message_id) filter (where told.created_at >= $3)
    >= greatest(${least}, 1 + count(distinct message_id) filter (where told.created_at < $3))
  order by count(distinct message_id) filter (where told.created_at >= $3)
    - count(distinct message_id) filter (where told.created_at < $3) desc, topic
  limit ${mostTopics}`;

// Only of facts that open messages of the scope say, with which the digest goes: one that was only stated may be erased at any time.
const saidHere = (facts: string): string =>
  `from fact_sources s join threads t on t.id = s.thread_id where s.fact in (${facts}) and t.mode = 'open' and t.scope_key = $1`;
// And of messages that were never changed: facts follow edits a moment later.
const superseded = `
  select old.sentence as before, new.sentence as after, (
    select jsonb_agg(jsonb_build_object('thread', s.thread_id, 'message', s.message_id)) ${saidHere("old.id, new.id")}) as sources
  from readable_facts old join readable_facts new on new.id = old.superseded_by and new.kind = old.kind
  where old.scope_key = $1 and old.valid_to >= $2 and old.valid_to < $3 and new.scope_key = $1
    and exists (select ${saidHere("old.id")}) and exists (select ${saidHere("new.id")})
    and not exists (select from fact_sources s join message_revisions r on r.message_id = s.message_id where s.fact in (old.id, new.id))
  order by old.valid_to desc limit ${mostContradictions}`;

const cut = (text: string): string => {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > longestQuote
    ? `${line
        .slice(0, longestQuote - 1)
        .toWellFormed()
        .trimEnd()}…`
    : line;
};

/** The question in a text: its last sentence that ends with a question mark. */
const questionIn = (text: string): string | undefined =>
  text
    .split(/(?<=[.!?…\n])\s+/)
    .map((sentence) => sentence.trim())
    .findLast((sentence) => /\?["'”’»)]*$/.test(sentence) && /\p{L}{2}/u.test(sentence));

const languageOf = async (texts: readonly string[], signal?: AbortSignal): Promise<TextLanguage> => {
  const breathe = createBreather(signal);
  const counts = new Map<TextLanguage, number>();
  for (const text of texts) {
    await breathe();
    const language = languageOfWords(splitWords(text.slice(0, 400)));
    counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0] ?? "en";
};

interface SaidRow {
  readonly id: string;
  readonly thread_id: string;
  readonly role: string;
  readonly author: string;
  readonly created_at: Date | string;
  readonly content: string;
  readonly revision: number;
}

/** What there is to tell of a scope in a period; undefined when there is nothing. @throws the signal's reason */
export const readDigest = async (
  database: Queryable,
  scopeKey: string,
  { from, to }: DigestPeriod,
  signal?: AbortSignal,
): Promise<Digest | undefined> => {
  const before = new Date(from.getTime() - (to.getTime() - from.getTime()));
  const rows = await database.query<SaidRow>(said, [scopeKey, from, to]);
  const own = rows
    .filter(({ role }) => role === "user")
    .map(
      (row): DigestMessage => ({
        id: row.id,
        threadId: row.thread_id,
        author: row.author,
        content: row.content,
        createdAt: new Date(row.created_at),
        revisions: row.revision,
      }),
    );
  const asked = own.flatMap((message) => {
    const question = questionIn(message.content);
    return question === undefined ? [] : [{ message, question }];
  });
  const [open, topics, changes] = [
    await database.query<{ id: string }>(unanswered, [asked.map(({ message }) => message.id)]),
    await database.query<GrownTopic & { parents: string[] }>(grown, [scopeKey, before, from, to]),
    await database.query<{ before: string; after: string; sources: DigestSource[] }>(superseded, [scopeKey, from, to]),
  ];
  const openIds = new Set(open.map(({ id }) => id));
  const questions = asked.filter(({ message }) => openIds.has(message.id)).slice(0, mostQuestions);
  const opposites = (await findOpposites(own, signal)).slice(0, Math.max(0, mostContradictions - changes.length));
  if (questions.length + topics.length + changes.length + opposites.length === 0) return undefined;

  const quoted = [...questions.map(({ message }) => message), ...opposites.flat().map(({ message }) => message)];
  return {
    language: await languageOf(
      own.map(({ content }) => content),
      signal,
    ),
    messages: rows.length,
    threads: new Set(rows.map(({ thread_id }) => thread_id)).size,
    topics: topics.map(({ parents: _, ...topic }) => topic),
    openQuestions: questions.map(({ message, question }) => ({
      text: cut(question),
      author: message.author,
      at: message.createdAt,
    })),
    contradictions: [
      ...changes.map((change): [string, string] => [cut(change.before), cut(change.after)]),
      ...opposites.map(([older, newer]): [string, string] => [cut(older.sentence), cut(newer.sentence)]),
    ],
    sources: [
      ...topics.flatMap(({ parents }) => parents.map((thread) => ({ thread }))),
      ...quoted.map(({ id, threadId }) => ({ thread: threadId, message: id })),
      ...changes.flatMap(({ sources }) => sources),
    ],
    revisions: [...new Set(quoted)].reduce((sum, { revisions }) => sum + revisions, 0),
  };
};
