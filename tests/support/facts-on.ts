import { pino } from "pino";
import { createThreadChanges } from "../../atlas/create-thread-changes.ts";
import { createTimeline } from "../../atlas/create-timeline.ts";
import { createFacts } from "../../atlas/facts/create-facts.ts";
import { createFactSource } from "../../atlas/facts/fact-source.ts";
import type { FactsPage } from "../../atlas/facts/facts.ts";
import { createFactsFollower } from "../../atlas/facts/follow-facts.ts";
import type { PlaintextRule } from "../../atlas/follow/plaintext-rule.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import { createRecall } from "../../atlas/recall.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import type { MessageRole, Scope } from "../../atlas/timeline.ts";
import type { Database } from "../../platform/db/database.ts";
import type { Mode } from "../../platform/egress/egress-class.ts";
import type { Principal } from "../../platform/policy/principal.ts";

/** What facts are stored, followed and read with, on a database. */
export const factsOn = (database: Database, masterKey: MasterKey) => {
  const cipher = createThreadCipher({ masterKey: masterKey });
  const timeline = createTimeline({ database, cipher });
  const facts = createFacts({ database });
  const follow = (rule: PlaintextRule = "scoped") =>
    createFactsFollower({ database, rule, logger: pino({ level: "silent" }) }).catchUp();
  interface Options {
    readonly threadId?: string;
    readonly mode?: Mode;
    readonly scope?: Scope;
    readonly teamId?: string;
    readonly role?: MessageRole;
    readonly author?: string;
    readonly createdAt?: string;
  }
  const say = (principal: Principal, text: string | readonly string[], options: Options = {}) => {
    const { role = "user", author = principal.id, createdAt, mode = "open", ...rest } = options;
    const messages = [text].flat().map((content) => ({ role, author, content, ...(createdAt ? { createdAt } : {}) }));
    return timeline.open({ principal, mode, messages, ...rest });
  };
  const sentences = async (principal: Principal, page: Partial<FactsPage> = {}) =>
    (await facts.list(principal, { limit: 100, ...page })).facts.map(({ sentence }) => sentence);
  const recall = createRecall({ database, cipher, sources: [createFactSource({ database, rule: "scoped" })] });
  const changes = createThreadChanges({ database, cipher });
  return { database, timeline, facts, follow, say, sentences, recall, changes };
};
