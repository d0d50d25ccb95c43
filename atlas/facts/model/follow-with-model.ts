import type { Logger } from "pino";
import type { Database, Queryable } from "../../../platform/db/database.ts";
import type { ChangedMessage } from "../../follow/changes.ts";
import { createFollower } from "../../follow/create-follower.ts";
import type { Follower } from "../../follow/follower.ts";
import { lockFollower } from "../../follow/lock-follower.ts";
import type { PlaintextRule } from "../../follow/plaintext-rule.ts";
import { dropSources } from "../drop-sources.ts";
import { factContent } from "../fact-content.ts";
import { isTurn, scopeOfFacts, sourceOf, textHashOf } from "../own-turn.ts";
import type { Statement } from "../reading/read-turn.ts";
import { lockFacts, recordFact } from "../record-facts.ts";
import { writersOf } from "../writers-of.ts";
import type { AskModel } from "./ask-model.ts";

export interface ModelFollowerDeps {
  readonly database: Database;
  readonly rule: PlaintextRule;
  readonly logger: Pick<Logger, "warn">;
  readonly askModel: AskModel;
  readonly now?: () => Date;
  /** Pause between two looks: what came meanwhile is asked about together. */
  readonly sweepMs?: number;
}

interface Found {
  readonly turn: ChangedMessage;
  readonly writer: string;
  readonly statements: readonly Statement[];
}

const turnsPerQuestion = 10;
const textPerQuestion = 8_000;
/** Longer ones are not what a person said of themselves. */
const longestTurn = 4_000;
const shortestTurn = 12;
/** Older ones come from an import or from before there was a model: a whole history would be asked about at once. */
const oldestMs = 7 * 24 * 60 * 60_000;

/** Turns of one person for one question each. */
function* questionsOf(turns: readonly ChangedMessage[]): Generator<readonly ChangedMessage[]> {
  let group: ChangedMessage[] = [];
  let length = 0;
  for (const turn of turns) {
    const more = turn.content?.length ?? 0;
    if (group.length > 0 && (group.length >= turnsPerQuestion || length + more > textPerQuestion)) {
      yield group;
      group = [];
      length = 0;
    }
    group.push(turn);
    length += more;
  }
  if (group.length > 0) yield group;
}

// What rules kept of the same words: the model can only say what it is about.
const sameWords = `
  select f.id, f.subject from facts f join fact_sources s on s.fact = f.id
  where s.message_id = $1 and (position(lower($2) in lower(f.sentence)) > 0 or position(lower(f.sentence) in lower($2)) > 0)
  limit 1`;

// Somebody erased what this message said.
const erased =
  "select from fact_sources where message_id = $1 and fact is null and content_key not like 'ended %' limit 1";

const keep = async (connection: Queryable, { turn, writer, statements }: Found): Promise<void> => {
  const scopeKey = scopeOfFacts(turn.scopeKey, writer);
  await lockFacts(connection, scopeKey);
  if ((await connection.query(erased, [turn.id], "facts_erased")).length > 0) return;
  for (const statement of statements) {
    const [known] = await connection.query<{ id: string; subject: string }>(sameWords, [turn.id, statement.sentence]);
    const content = factContent(statement, writer);
    if (known) {
      if (known.subject !== "") continue;
      await connection.query("update facts set subject = $2, attribute = $3 where id = $1", [
        known.id,
        content.subject,
        content.attribute,
      ]);
      continue;
    }
    const source = sourceOf(turn);
    await recordFact(connection, {
      scopeKey,
      owner: writer,
      origin: "user",
      content,
      source,
      validFrom: turn.createdAt,
    });
  }
};

/**
 * Adds what a model finds in people's own turns, after the rules and without ever holding them up: several turns in one
 * question, each once. While the model cannot be asked, the turns wait.
 */
export const createFactsModelFollower = (deps: ModelFollowerDeps): Follower => {
  const { database, rule, logger, askModel, now = () => new Date(), sweepMs } = deps;
  const follower = createFollower<readonly Found[]>({
    name: "facts-model",
    database,
    logger,
    rule,
    rules: "facts-model 1",
    ...(sweepMs === undefined ? {} : { sweepMs }),
    renew: async () => undefined,
    async prepare({ messages }, signal) {
      const oldest = now().getTime() - oldestMs;
      const turns = messages.filter(
        (turn) =>
          isTurn(turn) &&
          turn.createdAt.getTime() >= oldest &&
          (turn.content?.length ?? 0) >= shortestTurn &&
          (turn.content?.length ?? 0) <= longestTurn,
      );
      const writers = await writersOf(
        database,
        turns.map(({ id }) => id),
      );
      const found: Found[] = [];
      for (const writer of new Set(writers.values())) {
        for (const group of questionsOf(turns.filter(({ id }) => writers.get(id) === writer))) {
          const texts = group.map(({ content }) => content ?? "");
          const answer = await askModel(texts, writer, signal);
          for (const [place, statements] of answer) found.push({ turn: group[place]!, writer, statements });
        }
      }
      return found;
    },
    async apply(connection, { messages, goneParents }, found) {
      // In a line with the rules, which drop the same sources.
      await lockFollower(connection, "facts");
      if (goneParents.length > 0) await dropSources(connection, { threadIds: goneParents });
      const turns = messages.filter(({ role }) => role === "user");
      if (turns.length > 0) {
        await dropSources(connection, { messages: turns.map((turn) => ({ id: turn.id, textHash: textHashOf(turn) })) });
      }
      for (const item of found) await keep(connection, item);
    },
  });
  // A hint for each message would make a question of each.
  return { ...follower, hint: () => undefined, hintDocuments: () => undefined };
};
