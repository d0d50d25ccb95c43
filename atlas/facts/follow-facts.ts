import type { Logger } from "pino";
import type { Database, Queryable } from "../../platform/db/database.ts";
import type { ChangedMessage } from "../follow/changes.ts";
import { createFollower } from "../follow/create-follower.ts";
import type { Follower } from "../follow/follower.ts";
import type { PlaintextRule } from "../follow/plaintext-rule.ts";
import { dropSources } from "./drop-sources.ts";
import { factContent, hashOf } from "./fact-content.ts";
import { readTurn, type TurnReading } from "./reading/read-turn.ts";
import { type FactSource, isNew, lockFacts, recordFact } from "./record-facts.ts";
import { retractFacts } from "./retract-facts.ts";

export interface FollowFactsDeps {
  readonly database: Database;
  readonly rule: PlaintextRule;
  readonly logger: Logger;
  /** Told of what was read, after the facts are kept: for a model that finds more. */
  readonly onRead?: (turns: readonly ChangedMessage[]) => void;
}

/** What rules found is not found again by others: facts of other rules stay. */
const rules = "facts 1";

interface Writer {
  readonly id: string;
  readonly writer: string;
}

// Only where people write themselves: mails and events bring other people's words under the role `user`.
const writersOf = `
  select m.id, coalesce(m.written_by, m.owner) as writer
  from all_messages m join threads t on t.id = m.thread_id join channels ch on ch.id = t.channel_id
  where m.id = any ($1::uuid[]) and m.role = 'user' and ch.kind in ('direct', 'group', 'voice')
    and m.author = coalesce(m.written_by, m.owner)`;

/** Whether a message can be a person's own turn that may be kept in clear. */
const isTurn = ({ role, content, allowed }: ChangedMessage): boolean =>
  role === "user" && allowed && content !== null && content !== "";

/** What is said in public is kept for who said it. */
export const scopeOfFacts = (scopeKey: string, writer: string): string =>
  scopeKey.startsWith("team:") ? scopeKey : `user:${writer}`;

const keep = async (
  connection: Queryable,
  message: ChangedMessage,
  writer: string,
  { statements, retractions }: TurnReading,
  source: FactSource,
): Promise<void> => {
  const scopeKey = scopeOfFacts(message.scopeKey, writer);
  await lockFacts(connection, scopeKey);
  for (const statement of retractions) {
    const content = factContent(statement, writer);
    if (!(await isNew(connection, source, `ended ${content.contentKey}`))) continue;
    await retractFacts(connection, { scopeKey, owner: writer, content, at: message.createdAt, messageId: message.id });
  }
  for (const statement of statements) {
    const content = factContent(statement, writer);
    const validFrom = message.createdAt;
    await recordFact(connection, { scopeKey, owner: writer, origin: "user", content, source, validFrom });
  }
};

const byTime = (left: ChangedMessage, right: ChangedMessage): number =>
  left.createdAt.getTime() - right.createdAt.getTime() || left.position - right.position;

/**
 * Keeps what people say in their own turns as facts, by rules and without a model. Answers, results, system messages and
 * confidential threads give none. The same messages again change nothing; an edited or deleted message takes along what it alone
 * said, and so does a thread that turns confidential.
 */
export const createFactsFollower = ({ database, rule, logger, onRead }: FollowFactsDeps): Follower =>
  createFollower<ReadonlyMap<string, TurnReading>>({
    name: "facts",
    database,
    logger,
    rule,
    rules,
    // What was corrected or deleted by hand must outlive a change of the rules.
    renew: async () => undefined,
    prepare: async ({ messages }) =>
      new Map(
        messages.filter(isTurn).flatMap(({ id, content }): [string, TurnReading][] => {
          const reading = readTurn(content ?? "");
          return reading.statements.length + reading.retractions.length > 0 ? [[id, reading]] : [];
        }),
      ),
    async apply(connection, { messages, goneParents }, readings) {
      if (goneParents.length > 0) await dropSources(connection, { threadIds: goneParents });
      const turns = messages.filter(({ role }) => role === "user").toSorted(byTime);
      if (turns.length === 0) return;
      const hashes = new Map(turns.map((turn) => [turn.id, isTurn(turn) ? hashOf([turn.content]) : null]));
      await dropSources(connection, { messages: turns.map(({ id }) => ({ id, textHash: hashes.get(id) ?? null })) });
      const writers =
        readings.size === 0 ? [] : await connection.query<Writer>(writersOf, [[...readings.keys()]], "facts_writers");
      const writerOf = new Map(writers.map(({ id, writer }) => [id, writer]));
      for (const turn of turns) {
        const [reading, writer, textHash] = [readings.get(turn.id), writerOf.get(turn.id), hashes.get(turn.id)];
        if (!reading || writer === undefined || !textHash) continue;
        await keep(connection, turn, writer, reading, {
          messageId: turn.id,
          threadId: turn.threadId,
          textHash,
          saidAt: turn.createdAt,
        });
      }
      onRead?.(turns.filter(isTurn));
    },
  });
