import { randomInt, randomUUID } from "node:crypto";
import fc from "fast-check";
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { createThreadChanges } from "../../atlas/create-thread-changes.ts";
import { createTimeline } from "../../atlas/create-timeline.ts";
import type { PlaintextRule } from "../../atlas/follow/plaintext-rule.ts";
import { dropUnusedEntities } from "../../atlas/graph/drop-unused-entities.ts";
import { createGraphFollower } from "../../atlas/graph/follow-graph.ts";
import { createGraph, type Surrounding } from "../../atlas/graph/graph.ts";
import { createGraphSource } from "../../atlas/graph/graph-source.ts";
import { readEdges, readNodes } from "../../atlas/graph/read-whole-graph.ts";
import { createRules } from "../../atlas/graph/rules/extract.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import { createPeopleDirectory } from "../../atlas/people-directory.ts";
import { createRecall } from "../../atlas/recall.ts";
import { createTeams } from "../../atlas/teams.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import type { NewMessage } from "../../atlas/timeline.ts";
import type { Database, Queryable } from "../../platform/db/database.ts";
import type { Mode } from "../../platform/egress/egress-class.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import { createGazetteer } from "../../rag-services/places/create-gazetteer.ts";
import { somebody } from "../support/timeline-samples.ts";

const logger = pino({ level: "silent" });
const places = createGazetteer();
const rules = createRules({ places, services: () => ["billing"], agents: () => ["ops"] });

/** The graph of topics, entities and edges, on whatever database. */
export const graphContract = (databaseOf: () => Database, masterKeyOf: () => MasterKey): void => {
  const partsOf = () => {
    const database = databaseOf();
    const cipher = createThreadCipher({ masterKey: masterKeyOf() });
    const timeline = createTimeline({ database, cipher });
    const people = createPeopleDirectory({ database, masterKey: masterKeyOf() });
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
        createGraphFollower({ database, rule, logger, rules, peopleOf }).catchUp(),
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

  const all = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
    const list: Item[] = [];
    for await (const item of items) list.push(item);
    return list;
  };

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

    test("shows nobody what is another's: not the entity, not through a neighbour, not by an id", async () => {
      const { say, follow, timeline, around, graph } = partsOf();
      const [ada, bob, eve] = [somebody(), somebody(), somebody()];
      const host = `db-${randomInt(1_000, 10_000)}`;
      const team = `team-${randomUUID().slice(0, 8)}`;
      await createTeams({ database: databaseOf() }).add(team, [ada.id, bob.id]);
      const said = (content: string): NewMessage => ({ role: "user", author: ada.id, content });
      const own = await say(ada, "open", `my own ${host} depends on Cellar-Door #own/secret`);
      const teams = await timeline.open({
        principal: ada,
        mode: "open",
        scope: "team",
        teamId: team,
        messages: [said(`our ${host} #ours`), said(`as in ${own.messages[0]!.id}`)],
      });
      await follow();
      expect((await around(ada, host)).nodes.filter(({ kind }) => kind === "message")).toHaveLength(2);
      const seenByBob = await around(bob, host, 3);
      expect(
        seenByBob.nodes
          .filter(({ kind }) => kind === "message")
          .map(({ id }) => id)
          .toSorted(),
      ).toEqual(teams.messages.map(({ id }) => id).toSorted());
      expect(namesIn(seenByBob)).toEqual([`host:${host}`, `person:${ada.id}`, "topic:ours"]);
      expect((await graph.topics(bob, { limit: 9 })).map(({ topic }) => topic)).toEqual(["ours"]);
      const entity = (await around(ada, host)).nodes[0]!;
      for (const asked of [
        host,
        `host:${host}`,
        entity.id,
        own.messages[0]!.id,
        "Cellar-Door",
        randomUUID(),
        "' or 1=1",
      ]) {
        await expect(around(eve, asked, 3)).rejects.toMatchObject(missing);
      }
      expect(await graph.topics(eve, { limit: 9 })).toEqual([]);
      for (const asked of [own.messages[0]!.id, "Cellar-Door"]) {
        await expect(around(bob, asked, 3)).rejects.toMatchObject(missing);
      }
    });

    test("ends in circles, keeps to the depth and to the limit, and says when there is more", async () => {
      const { say, follow, around } = partsOf();
      const ada = somebody();
      await say(ada, "open", "Alpha-1 depends on Beta-1", "Beta-1 depends on Gamma-1", "Gamma-1 depends on Alpha-1");
      await say(ada, "open", ...Array.from({ length: 30 }, (_, n) => `Alpha-1 and web-${n}`));
      await follow();
      const near = await around(ada, "Alpha-1", 3, 200);
      expect(near.truncated).toBe(false);
      expect(new Set(near.nodes.map(({ id }) => id)).size).toBe(near.nodes.length);
      expect(namesIn(near)).toEqual(expect.arrayContaining(["thing:Alpha-1", "thing:Beta-1", "thing:Gamma-1"]));
      const few = await around(ada, "Alpha-1", 3, 5);
      expect([few.nodes.length, few.truncated]).toEqual([5, true]);
      const ids = new Set(few.nodes.map(({ id }) => id));
      expect(few.edges.every(({ from, to }) => ids.has(from) && ids.has(to))).toBe(true);
    });

    test("finds every neighbour beside a popular one, the newest first, and says exactly when there is more", async () => {
      const { say, follow, around } = partsOf();
      const ada = somebody();
      await say(ada, "open", "disks #Cluster/Storage");
      for (let n = 0; n < 3; n += 1) {
        await say(ada, "open", ...Array.from({ length: 50 }, (_, turn) => `load ${n} ${turn} #Cluster/Monitoring`));
      }
      await follow();
      const near = await around(ada, "topic:Cluster");
      expect([namesIn(near), near.truncated]).toEqual([
        ["topic:Cluster", "topic:Cluster/Monitoring", "topic:Cluster/Storage"],
        false,
      ]);
      const two = await around(ada, "topic:Cluster", 1, 2);
      // The newest first.
      expect([namesIn(two), two.truncated]).toEqual([["topic:Cluster", "topic:Cluster/Monitoring"], true]);
      expect((await around(ada, "topic:Cluster/Monitoring", 1, 151)).truncated).toBe(true);
      const all152 = await around(ada, "topic:Cluster/Monitoring", 1, 152);
      expect([all152.nodes.length, all152.edges.length, all152.truncated]).toEqual([152, 151, false]);
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

    test("is handed out whole, page by page, or as one principal sees it", async () => {
      const { say, follow, timeline, database } = partsOf();
      const [ada, eve] = [somebody(), somebody()];
      await say(ada, "open", ...Array.from({ length: 1_050 }, (_, n) => `web-${n % 10} said #count/${n % 4} of ${n}`));
      const turned = await say(ada, "open", "the hidden web-99", "web-98 depends on web-99");
      await say(eve, "open", "eve's web-5");
      await follow();
      await timeline.open({ principal: ada, threadId: turned.thread.id, mode: "confidential", messages: [] });
      const seenBy = async (principal: string | null, besides: ReadonlySet<string> = new Set()) => {
        const nodes = (await all(readNodes(database, principal))).filter(({ id }) => !besides.has(id));
        const edges = (await all(readEdges(database, principal))).filter(({ from }) => !besides.has(from));
        return { nodes, edges, ids: new Set(nodes.map(({ id }) => id)) };
      };
      // Other tests leave public things in this database, which everybody sees.
      const { ids: published } = await seenBy(somebody().id);
      const own = await seenBy(ada.id, published);
      const named = own.nodes.filter(({ type }) => type !== "message").map(({ label }) => label);
      expect(named.toSorted()).toEqual(
        [
          ada.id,
          "count",
          ...[0, 1, 2, 3].map((n) => `count/${n}`),
          ...[...Array(10).keys()].map((n) => `web-${n}`),
        ].toSorted(),
      );
      expect(own.nodes.filter(({ type }) => type === "message")).toHaveLength(1_050);
      const count = (kind: string) => own.edges.filter((edge) => edge.kind === kind).length;
      expect([count("mentions"), count("about"), count("part_of")]).toEqual([2_100, 1_050, 4]);
      expect(own.edges.every(({ from, to }) => own.ids.has(from) && own.ids.has(to))).toBe(true);
      expect(new Set(own.edges.map(({ from, to, kind }) => `${from} ${to} ${kind}`)).size).toBe(own.edges.length);
      const everything = await seenBy(null);
      expect(everything.ids.size).toBe(everything.nodes.length);
      expect(everything.edges.every(({ from, to }) => everything.ids.has(from) && everything.ids.has(to))).toBe(true);
      expect(everything.nodes.some(({ label }) => label === "web-99" || label === "web-98")).toBe(false);
      expect((await seenBy(eve.id)).nodes.map(({ label }) => label)).toEqual(expect.arrayContaining([eve.id, "web-5"]));
      expect((await seenBy(somebody().id)).nodes.filter(({ label }) => label === "web-5")).toEqual([]);
    });

    test("lets recall find what names the same under another name, and nothing of another's", async () => {
      const { say, follow, database, cipher } = partsOf();
      const [ada, eve] = [somebody(), somebody()];
      const recall = createRecall({ database, cipher, sources: [createGraphSource({ database, rules })] });
      const found = async (principal: Principal, query: string) =>
        (await recall({ principal, query, limit: 5 })).map(({ content, layer }) => `${layer}: ${content}`);
      await say(ada, "open", "W Krakowie zjadłem obwarzanka", {
        role: "assistant",
        author: "athena",
        content: "Smacznego!",
      });
      await say(ada, "open", "Obwarzanki są z Małopolski", "We talked about trains");
      await say(eve, "open", "Eve was in Kraków as well");
      await follow();
      expect(await found(ada, "Cracow")).toEqual(["graph: W Krakowie zjadłem obwarzanka", "graph: Smacznego!"]);
      expect((await found(ada, "pociągi z Krakowa"))[0]).toContain("Krakowie");
      expect(await found(somebody(), "Cracow")).toEqual([]);
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
