import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { archiveMessages } from "../../atlas/archive-messages.ts";
import { createModelFollower } from "../../atlas/graph/model/follow-with-model.ts";
import { findTags } from "../../atlas/graph/rules/find-tags.ts";
import { writeGraph } from "../../atlas/graph/write-graph.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import { createShredThreads } from "../../atlas/shred-threads.ts";
import { createTeams } from "../../atlas/teams.ts";
import type { NewMessage } from "../../atlas/timeline.ts";
import type { Database } from "../../platform/db/database.ts";
import { createAudit } from "../../platform/events/audit.ts";
import { createMetrics } from "../../platform/metrics/metrics.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import { graphOn } from "../support/graph-on.ts";
import { somebody } from "../support/timeline-samples.ts";

/** Counts of topics equal what counting the rows anew gives, whatever happens to what they are about, on whatever database. */
export const topicCountsContract = (databaseOf: () => Database, masterKeyOf: () => MasterKey): void => {
  const partsOf = () => {
    const parts = graphOn(databaseOf(), masterKeyOf());
    const { database } = parts;
    return {
      ...parts,
      shred: createShredThreads({ database, audit: createAudit({ database }), actor: "operator" }),
      /** A model that says of what the tide is mentioned in that it is about the sea, and about its tags. */
      followModel: () =>
        createModelFollower({
          database,
          rule: "scoped",
          logger: pino({ level: "silent" }),
          model: "tidal",
          metrics: createMetrics(),
          askModel: async (texts) =>
            new Map(
              texts.flatMap((text, index) =>
                text.includes("tide")
                  ? [
                      [
                        index + 1,
                        { entities: [], topics: ["Sea", ...findTags(text)], relations: [], references: [] },
                      ] as const,
                    ]
                  : [],
              ),
            ),
        }).catchUp(),
    };
  };

  const counted = (database: Database, scopeKeys: readonly string[]) =>
    database.query(
      `select scope_key, entity_id, items, items_with_below, newest_at, topic from topic_counts
       where scope_key = any ($1::text[]) order by scope_key, entity_id`,
      [scopeKeys],
    );
  const countedAnew = (database: Database, scopeKeys: readonly string[]) =>
    database.query(
      `select scope_key, entity_id, count(distinct message_id) filter (where not implied)::int as items,
         count(distinct message_id)::int as items_with_below, max(created_at) as newest_at, min(topic collate "C") as topic
       from message_topics where scope_key = any ($1::text[]) group by scope_key, entity_id order by scope_key, entity_id`,
      [scopeKeys],
    );
  const seenAnew = async (database: Database, { id }: Principal, under: string | null) => {
    const rows = await database.query<{ newestAt: string | Date }>(
      `select min(m.topic collate "C") as topic, count(distinct m.message_id) filter (where not m.implied)::int as items,
         count(distinct m.message_id)::int as "itemsWithBelow", max(m.created_at) as "newestAt"
       from message_topics m join entities e on e.id = m.entity_id and e.scope_key = m.scope_key
         join graph_items i on i.item = m.message_id left join threads t on t.id = i.parent
       where m.scope_key = any ((select scope_keys($1))::text[]) and (i.kind = 'chunk' or t.mode = 'open')
         and ($2::text is null or e.name = $2 or starts_with(e.name, $2 || '/'))
       group by m.entity_id order by 3 desc, 4 desc, m.entity_id limit 500`,
      [id, under],
    );
    return rows.map((row) => ({ ...row, newestAt: new Date(row.newestAt).toISOString() }));
  };

  const text = fc.constantFrom(
    "the boat lies still #sea",
    "the tide #Sea/trips #boats",
    "The tide again #SEA/Trips/North",
    "nothing of it",
    "two of them #boats #sea/trips",
  );
  const place = { thread: fc.nat(3), at: fc.nat(4) };
  const step = fc.oneof(
    fc.record({ act: fc.constant("say" as const), thread: place.thread, text }),
    fc.record({ act: fc.constant("edit" as const), ...place, text }),
    fc.record({ act: fc.constant("remove" as const), ...place }),
    fc.record({ act: fc.constant("turn confidential" as const), thread: place.thread }),
    fc.record({ act: fc.constant("erase" as const), thread: place.thread }),
    fc.record({ act: fc.constantFrom("archive" as const, "read again" as const, "delete document" as const) }),
    fc.record({ act: fc.constant("store document" as const), text }),
    ...["follow" as const, "follow with model" as const].map((act) => fc.record({ act: fc.constant(act) })),
  );

  describe("topic counts", () => {
    test("equal the rows counted anew, after any sequence of changes, before and after these are followed", async () => {
      const { database, timeline, changes, shred, graph, follow, followModel } = partsOf();
      const old = new Date("2001-01-01");
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
          const [ada, bob] = [somebody(), somebody()];
          const teamId = `team-${randomUUID().slice(0, 8)}`;
          await createTeams({ database }).add(teamId, [ada.id, bob.id]);
          let told = 0;
          const said = (content: string): NewMessage => {
            told += 1;
            // The first is the newest: what turns confidential is that often.
            const ageMs = 1_000 + told;
            return { role: "user", author: ada.id, content, createdAt: new Date(old.getTime() - ageMs).toISOString() };
          };
          const begin = async (first: string, more: object = {}) => {
            const begun = await timeline.open({
              principal: ada,
              mode: "open",
              messages: [first, "calm #sea/trips", "ropes #boats"].map(said),
              ...more,
            });
            return { id: begun.thread.id, messages: begun.messages.map(({ id }) => id), mode: "open", gone: new Set() };
          };
          const threads = [
            await begin("the tide #Sea"),
            await begin("the tide #SEA"),
            await begin("the tide #Sea", { scope: "team", teamId }),
            await begin("the tide #Sea", { scope: "public" }),
          ];
          const scopeKeys = [`user:${ada.id}`, `team:${teamId}`, "public"];
          const check = async () => {
            expect(await counted(database, scopeKeys)).toEqual(await countedAnew(database, scopeKeys));
            for (const principal of [ada, bob]) {
              for (const under of [undefined, "Sea"]) {
                expect(
                  await graph.topics(principal, { limit: 500, ...(under === undefined ? {} : { under }) }),
                ).toEqual(await seenAnew(database, principal, under?.toLowerCase() ?? null));
              }
            }
          };
          const acts: Record<string, (given: (typeof steps)[number]) => Promise<unknown>> = {
            archive: () => archiveMessages(database, old),
            follow: () => follow(),
            "follow with model": () => followModel(),
            "read again": () =>
              database.query(
                "update follower_cursors set position = 0 where holds_items and thread_id = any ($1::uuid[])",
                [threads.map(({ id }) => id)],
              ),
            "delete document": () => database.query("delete from documents where owner = $1", [ada.id]),
            "store document": (given) =>
              database.query("select document_store($1::jsonb)", [
                JSON.stringify({
                  principal: ada.id,
                  scope: "team",
                  team_id: teamId,
                  source: "log.md",
                  title: "Log",
                  content_hash: randomUUID(),
                  chunks: [{ heading_path: [], content: "text" in given ? given.text : "" }],
                }),
              ]),
          };
          const actOnThread = async (given: Extract<(typeof steps)[number], { thread: number }>) => {
            const thread = threads[given.thread]!;
            if (thread.mode === "erased") return;
            const at = { principal: ada, threadId: thread.id };
            const mode = thread.mode === "open" ? ("open" as const) : ("confidential" as const);
            if (given.act === "say") {
              const { messages } = await timeline.open({ ...at, mode, messages: [said(given.text)] });
              thread.messages.push(...messages.map(({ id }) => id));
            } else if (given.act === "turn confidential") {
              await timeline.open({ ...at, mode: "confidential", messages: [] });
              thread.mode = "confidential";
            } else if (given.act === "erase") {
              if (mode === "open") return;
              await shred.thread(thread.id);
              thread.mode = "erased";
            } else {
              const messageId = thread.messages[given.at % thread.messages.length]!;
              if (thread.gone.has(messageId)) return;
              if (given.act === "edit") await changes.edit({ ...at, messageId, content: given.text });
              else thread.gone.add((await changes.remove({ ...at, messageId })) && messageId);
            }
          };
          await follow();
          for (const given of steps) {
            await ("thread" in given ? actOnThread(given) : acts[given.act]!(given));
            await check();
          }
          await Promise.all([follow(), followModel()]);
          await check();
          await archiveMessages(database, old);
          expect(
            await database.query("select from graph_hidden_threads where thread_id = any ($1::uuid[])", [
              threads.map(({ id }) => id),
            ]),
          ).toEqual([]);
        }),
        { numRuns: 12 },
      );
    });

    test("are exact when an index is made anew by other rules, and empty with its tables", async () => {
      const { database, say, follow, followModel } = partsOf();
      const ada = somebody();
      await say(ada, "open", "the tide #Sea/trips", "ropes #boats", "The tide #sea");
      await follow();
      await followModel();
      const scopeKeys = [`user:${ada.id}`];
      for (const gone of ["origin = 'rule'", "true"]) {
        await database.query(`delete from message_topics where scope_key = $1 and ${gone}`, scopeKeys);
        expect(await counted(database, scopeKeys)).toEqual(await countedAnew(database, scopeKeys));
      }
      await database
        .transaction(async (connection) => {
          await connection.query("truncate message_topics");
          expect(await connection.query("select from topic_counts")).toEqual([]);
          throw new Error("back");
        })
        .catch((error) => expect(error).toMatchObject({ message: "back" }));
    });

    test("nothing comes in that was read before its thread turned confidential", async () => {
      const { database, say, timeline, graph } = partsOf();
      const ada = somebody();
      const { thread, messages } = await say(ada, "open", "the vault #vault/door");
      await timeline.open({ principal: ada, threadId: thread.id, mode: "confidential", messages: [] });
      const item = {
        item: messages[0]!.id,
        kind: "message" as const,
        parent: thread.id,
        position: 1,
        role: "user",
        author: ada.id,
        scope_key: `user:${ada.id}`,
        created_at: new Date().toISOString(),
        content_hash: "1",
        same_hash: null,
      };
      const extracted = { entities: [], topics: ["vault/door"], relations: [], references: [] };
      await database.transaction((connection) =>
        writeGraph(connection, {
          entries: [{ item, extracted }],
          goneItems: [],
          goneParents: [],
          origin: "rule",
        }),
      );
      expect(await database.query("select from graph_items where parent = $1", [thread.id])).toEqual([]);
      expect(await database.query("select from message_topics where message_id = $1", [messages[0]!.id])).toEqual([]);
      expect(await graph.topics(ada, { under: "vault", limit: 9 })).toEqual([]);
    });
  });
};
