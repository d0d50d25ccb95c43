import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dropUnusedEntities } from "../../atlas/graph/drop-unused-entities.ts";
import type { Surrounding } from "../../atlas/graph/graph.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import type { Database, Queryable } from "../../platform/db/database.ts";
import { graphOn } from "../support/graph-on.ts";
import { somebody } from "../support/timeline-samples.ts";

/** The graph of topics, entities and edges: what comes into it and leaves it, on whatever database. */
export const graphContract = (databaseOf: () => Database, masterKeyOf: () => MasterKey): void => {
  const partsOf = () => graphOn(databaseOf(), masterKeyOf());

  /** What the graph holds of a scope, in a fixed order. */
  const held = async (database: Database, scopeKey: string) => {
    const read = (table: string, columns: string) =>
      database.query(`select ${columns} from ${table} where scope_key = $1 order by ${columns}`, [scopeKey]);
    return {
      items: await read("graph_items", "item, kind, parent, position, content_hash::text, same_hash::text"),
      entities: await read("entities", "id, type, name, label"),
      mentions: await read("message_entities", "message_id, entity_id, entity, entity_type, origin, created_at"),
      topics: await read("message_topics", "message_id, entity_id, topic, implied, origin, created_at"),
      edges: await read("edges", "from_id, to_id, kind, message_id, origin, created_at"),
    };
  };
  const namesIn = ({ nodes }: Surrounding) =>
    nodes.flatMap((node) => (node.kind === "entity" ? [`${node.type}:${node.label}`] : [])).toSorted();
  /** Rows of a table that some work reads, on the connection of a transaction. */
  const rowsRead = async (connection: Queryable, table: string, work: () => Promise<unknown>): Promise<number> => {
    const sql = `select (seq_tup_read + idx_tup_fetch)::int as rows from pg_stat_xact_user_tables where relname = '${table}'`;
    const count = async () => (await connection.query<{ rows: number }>(sql))[0]!.rows;
    const before = await count();
    await work();
    return (await count()) - before;
  };
  const missing = { code: "NOT_FOUND", message: "There is no such entity." };

  describe("graph", () => {
    test("says what messages name, what they are about and how they are joined", async () => {
      const { say, follow, around, database } = partsOf();
      const ada = somebody();
      const first = await say(
        ada,
        "open",
        "The server db-7 (10.0.0.12) is down, see https://grafana.example.com/d/1 #Cluster/Monitoring",
        { role: "assistant", author: "athena", content: "billing depends on db-7, I told @ops" },
        { role: "user", author: ada.id, content: "Byłem w Krakowie", meta: { project: "Apollo", tags: ["travel"] } },
      );
      await say(ada, "open", {
        role: "user",
        author: "n8n",
        content: "Завтра у Кракові буде дощ",
        meta: { reply_to: first.messages[0]!.id },
      });
      await follow();
      const near = await around(ada, "db-7");
      expect(namesIn(near)).toEqual(["host:db-7", "service:billing"]);
      const [question, answer] = first.messages;
      expect(near.nodes[0]).toMatchObject({ kind: "entity", type: "host", label: "db-7" });
      expect(near.nodes.map(({ id }) => id)).toEqual(expect.arrayContaining([question!.id, answer!.id]));
      expect(near.edges.map(({ kind }) => kind).toSorted()).toEqual([
        "answers",
        "depends_on",
        "mentions",
        "mentions",
        "mentions",
      ]);
      expect(near.edges).toContainEqual({ from: answer!.id, to: question!.id, kind: "answers", origins: ["rule"] });
      expect(namesIn(await around(ada, "topic:cluster"))).toEqual(["topic:Cluster", "topic:Cluster/Monitoring"]);
      expect(namesIn(await around(ada, "cluster/monitoring", 2))).toEqual(
        expect.arrayContaining(["host:10.0.0.12", "host:grafana.example.com", "topic:Cluster"]),
      );
      // The place is the same in every language and case.
      for (const written of ["Kraków", "Krakowie", "place:Cracow"]) {
        const { nodes } = await around(ada, written);
        expect(nodes.filter(({ kind }) => kind === "message")).toHaveLength(2);
      }
      expect(namesIn(await around(ada, first.messages[2]!.id))).toEqual([
        `person:${ada.id}`,
        "place:Kraków",
        "project:Apollo",
        "topic:travel",
      ]);
      expect(
        await database.query("select from edges where to_id = $1 and kind = 'refers_to'", [question!.id]),
      ).toHaveLength(1);
    });

    test("the same messages again give the same rows, by two followers at once and after the cursors are forgotten", async () => {
      const { say, follow, database } = partsOf();
      const ada = somebody();
      const texts = Array.from(
        { length: 60 },
        (_, n) => `web-${n % 7} is a host of #boats/${n % 3} said Anna Kowalska`,
      );
      const { thread } = await say(ada, "open", ...texts);
      await Promise.all([follow(), follow()]);
      const before = await held(database, `user:${ada.id}`);
      expect(before.items).toHaveLength(60);
      expect(before.edges.filter(({ kind }) => kind === "duplicates")).toHaveLength(60 - 21);
      await database.query("delete from follower_cursors where follower = 'graph' and thread_id = $1", [thread.id]);
      await follow();
      expect(await held(database, `user:${ada.id}`)).toEqual(before);
    });

    test("what comes, changes and goes leaves what following the last state leaves", async () => {
      const { say, follow, changes, database } = partsOf();
      const text = fc.constantFrom(
        "the boat lies in Gdańsk near db-7 #sea",
        "The boat lies in Gdansk, near DB-7! #Sea",
        "Grafana depends on db-7",
        "nothing at all",
        "@ada and @bob sail to Odesa #sea/trips",
      );
      const step = fc.record({ at: fc.nat(4), to: fc.option(text) });
      await fc.assert(
        fc.asyncProperty(
          fc.array(text, { minLength: 5, maxLength: 5 }),
          fc.array(step, { maxLength: 6 }),
          async (texts, steps) => {
            const ada = somebody();
            const { thread, messages } = await say(ada, "open", ...texts);
            const gone = new Set<number>();
            for (const { at, to } of steps) {
              if (gone.has(at)) continue;
              const address = { principal: ada, threadId: thread.id, messageId: messages[at]!.id };
              if (to === null) await changes.remove(address);
              else await changes.edit({ ...address, content: to });
              if (to === null) gone.add(at);
              await follow();
            }
            await follow();
            const through = await held(database, `user:${ada.id}`);
            for (const table of ["graph_items", "entities", "message_entities", "message_topics", "edges"]) {
              await database.query(`delete from ${table} where scope_key = $1`, [`user:${ada.id}`]);
            }
            await database.query("delete from follower_cursors where follower = 'graph' and thread_id = $1", [
              thread.id,
            ]);
            await follow();
            expect(await held(database, `user:${ada.id}`)).toEqual(through);
          },
        ),
        { numRuns: 6 },
      );
    });

    test("follows edits and deletions; what nothing names any more is not found", async () => {
      const { say, follow, changes, around, database } = partsOf();
      const ada = somebody();
      const { thread, messages } = await say(
        ada,
        "open",
        "ask nas-3",
        { role: "assistant", author: "athena", content: "nas-4 too" },
        "Nas-3 again",
      );
      await follow();
      const addresses = messages.map(({ id }) => ({ principal: ada, threadId: thread.id, messageId: id }));
      await changes.edit({ ...addresses[0]!, content: "ask nas-5" });
      await changes.remove(addresses[2]!);
      await follow();
      await expect(around(ada, "nas-3")).rejects.toMatchObject(missing);
      expect(namesIn(await around(ada, "nas-5"))).toEqual(["host:nas-5"]);
      await changes.remove(addresses[0]!);
      await follow();
      expect(await database.query("select from edges where message_id = $1", [messages[1]!.id])).toEqual([]);
      expect((await held(database, `user:${ada.id}`)).items).toHaveLength(1);
    });

    test("confidential content never comes in, and leaves when its thread turns confidential", async () => {
      const { say, follow, timeline, around, graph, database } = partsOf();
      const ada = somebody();
      await say(ada, "confidential", "the vault is on srv-91 #vault");
      const turned = await say(ada, "open", "the vault is on srv-92 #vault/door", "srv-93 depends on srv-92");
      await follow();
      await expect(around(ada, "srv-91")).rejects.toMatchObject(missing);
      expect(namesIn(await around(ada, "srv-92"))).toEqual(["host:srv-92", "host:srv-93"]);
      await timeline.open({ principal: ada, threadId: turned.thread.id, mode: "confidential", messages: [] });
      // At once, before the follower has come by.
      await expect(around(ada, "srv-92")).rejects.toMatchObject(missing);
      await expect(around(ada, turned.messages[0]!.id)).rejects.toMatchObject(missing);
      expect(await graph.topics(ada, { limit: 10 })).toEqual([]);
      await follow();
      const left = await held(database, `user:${ada.id}`);
      expect(Object.values(left).flat()).toEqual([]);
    });

    test("an edit that leaves a spelling in use reads few of the rows that name the same", async () => {
      const { say, follow, database, around } = partsOf();
      const ada = somebody();
      await say(ada, "open", ...Array.from({ length: 150 }, (_, n) => `Web-77 has load ${n}`), "web-77 is fine");
      await follow();
      const id = (await around(ada, "host:web-77", 1, 1)).nodes[0]!.id;
      const scope_key = `user:${ada.id}`;
      const read = await database.transaction(async (connection) => {
        for (const way of ["seqscan", "bitmapscan", "hashjoin", "mergejoin"]) {
          await connection.query(`set local enable_${way} = off`);
        }
        return rowsRead(connection, "message_entities", () =>
          dropUnusedEntities(connection, [{ id, scope_key, label: "web-77" }]),
        );
      });
      expect(read).toBeLessThan(20);
      await database.query("update entities set label = 'gone' where id = $1 and scope_key = $2", [id, scope_key]);
      await dropUnusedEntities(database, [{ id, scope_key, label: "gone" }]);
      expect((await around(ada, "host:web-77", 1, 1)).nodes[0]).toMatchObject({ label: "Web-77" });
    });

    test("documents are in it, and follow what becomes of them", async () => {
      const { follow, around, database } = partsOf();
      const ada = somebody();
      const store = (content: string) =>
        database.query("select document_store($1::jsonb)", [
          JSON.stringify({
            principal: ada.id,
            scope: "personal",
            source: "runbook.md",
            title: "Runbook",
            content_hash: content,
            chunks: [{ heading_path: ["Runbook"], content }],
          }),
        ]);
      await store("restart kafka-12 first");
      await follow();
      expect((await around(ada, "kafka-12")).nodes).toMatchObject([
        { kind: "entity" },
        { kind: "chunk", author: "Runbook" },
      ]);
      await store("restart kafka-13 first");
      await follow();
      await expect(around(ada, "kafka-12")).rejects.toMatchObject(missing);
      await database.query("delete from documents where owner = $1", [ada.id]);
      await follow();
      expect(Object.values(await held(database, `user:${ada.id}`)).flat()).toEqual([]);
    });

    test("knows the people of a principal's directory in what is the principal's own, and nowhere else", async () => {
      const { say, follow, people, around } = partsOf();
      const [ada, eve] = [somebody(), somebody()];
      await people.add(ada.id, ["Zyxwa Brontek"]);
      await say(ada, "open", "met zyxwa brontek today");
      await say(eve, "open", "met zyxwa brontek today");
      await follow();
      expect(namesIn(await around(ada, "Zyxwa Brontek"))).toEqual(["person:zyxwa brontek"]);
      await expect(around(eve, "Zyxwa Brontek")).rejects.toMatchObject(missing);
    });

    test("with the strict rule only what is public comes in", async () => {
      const { say, follow, timeline, database } = partsOf();
      const ada = somebody();
      await say(ada, "open", "own mail-3");
      const messages = [{ role: "user", author: ada.id, content: "everybody's mail-4" }] as const;
      const open = await timeline.open({ principal: ada, mode: "open", scope: "public", messages });
      await follow("public");
      expect((await held(database, `user:${ada.id}`)).items).toEqual([]);
      expect(await database.query("select from graph_items where item = $1", [open.messages[0]!.id])).toHaveLength(1);
      await follow();
      expect((await held(database, `user:${ada.id}`)).items).toHaveLength(1);
    });
  });
};
