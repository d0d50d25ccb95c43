import type { Logger } from "pino";
import type { Database, Queryable } from "../../platform/db/database.ts";
import type { ChangedMessage } from "../follow/changes.ts";
import { createFollower } from "../follow/create-follower.ts";
import type { Follower } from "../follow/follower.ts";
import type { PlaintextRule } from "../follow/plaintext-rule.ts";
import { dropSources } from "./drop-sources.ts";
import { factContent } from "./fact-content.ts";
import { isTurn, scopeOfFacts, sourceOf, textHashOf } from "./own-turn.ts";
import type { TurnReading } from "./reading/read-turn.ts";
import { readTurns } from "./reading/read-turns.ts";
import { isNew, lockFacts, recordFact } from "./record-facts.ts";
import { retractFacts } from "./retract-facts.ts";
import { writersOf } from "./writers-of.ts";

export interface FollowFactsDeps {
  readonly database: Database;
  readonly rule: PlaintextRule;
  readonly logger: Logger;
}

/** What rules found is not found again by others: facts of other rules stay. */
const rules = "facts 1";

const keep = async (
  connection: Queryable,
  message: ChangedMessage,
  writer: string,
  { statements, retractions }: TurnReading,
): Promise<void> => {
  const source = sourceOf(message);
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
export const createFactsFollower = ({ database, rule, logger }: FollowFactsDeps): Follower =>
  createFollower<ReadonlyMap<string, TurnReading>>({
    name: "facts",
    database,
    logger,
    rule,
    rules,
    // What was corrected or deleted by hand must outlive a change of the rules.
    renew: async () => undefined,
    prepare: ({ messages }, signal) => readTurns(messages.filter(isTurn), signal),
    async apply(connection, { messages, goneParents }, readings) {
      if (goneParents.length > 0) await dropSources(connection, { threadIds: goneParents });
      const turns = messages.filter(({ role }) => role === "user").toSorted(byTime);
      if (turns.length === 0) return;
      await dropSources(connection, { messages: turns.map((turn) => ({ id: turn.id, textHash: textHashOf(turn) })) });
      const writers = await writersOf(connection, [...readings.keys()]);
      for (const turn of turns) {
        const [reading, writer] = [readings.get(turn.id), writers.get(turn.id)];
        if (reading && writer !== undefined) await keep(connection, turn, writer, reading);
      }
    },
  });
