import { pino } from "pino";
import { createThreadChanges } from "../../atlas/create-thread-changes.ts";
import { createTimeline } from "../../atlas/create-timeline.ts";
import type { PlaintextRule } from "../../atlas/follow/plaintext-rule.ts";
import { createGraphFollower } from "../../atlas/graph/follow-graph.ts";
import { createGraph } from "../../atlas/graph/graph.ts";
import { createRules } from "../../atlas/graph/rules/extract.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import { createPeopleDirectory } from "../../atlas/people-directory.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import type { NewMessage } from "../../atlas/timeline.ts";
import type { Database } from "../../platform/db/database.ts";
import type { Mode } from "../../platform/egress/egress-class.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import { createGazetteer } from "../../rag-services/places/create-gazetteer.ts";

const logger = pino({ level: "silent" });
const places = createGazetteer();
/** The rules of tests. */
export const graphRules = createRules({ places, services: () => ["billing"], agents: () => ["ops"] });

/** What a graph is filled and read with, on a database. */
export const graphOn = (database: Database, masterKey: MasterKey) => {
  const cipher = createThreadCipher({ masterKey: masterKey });
  const timeline = createTimeline({ database, cipher });
  const people = createPeopleDirectory({ database, masterKey: masterKey });
  const graph = createGraph({ database, places });
  const peopleOf = people.recogniserFor;
  return {
    database,
    cipher,
    timeline,
    people,
    graph,
    changes: createThreadChanges({ database, cipher }),
    follow: (rule: PlaintextRule = "scoped") =>
      createGraphFollower({ database, rule, logger, rules: graphRules, peopleOf }).catchUp(),
    say: (principal: Principal, mode: Mode, ...messages: readonly (string | NewMessage)[]) =>
      timeline.open({
        principal,
        mode,
        messages: messages.map((message) =>
          typeof message === "string" ? { role: "user", author: principal.id, content: message } : message,
        ),
      }),
    around: (principal: Principal, entity: string, depth = 1, limit = 100) =>
      graph.around(principal, { entity, depth, limit }),
  };
};
