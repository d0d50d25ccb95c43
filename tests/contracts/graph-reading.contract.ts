import { randomInt, randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Surrounding } from "../../atlas/graph/graph.ts";
import { createGraphSource } from "../../atlas/graph/graph-source.ts";
import { readEdges, readNodes } from "../../atlas/graph/read-whole-graph.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import { createRecall } from "../../atlas/recall.ts";
import { createTeams } from "../../atlas/teams.ts";
import type { NewMessage } from "../../atlas/timeline.ts";
import type { Database } from "../../platform/db/database.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import { graphOn, graphRules } from "../support/graph-on.ts";
import { somebody } from "../support/timeline-samples.ts";

/** The graph of topics, entities and edges: what who sees of it, on whatever database. */
export const graphReadingContract = (databaseOf: () => Database, masterKeyOf: () => MasterKey): void => {
  const partsOf = () => graphOn(databaseOf(), masterKeyOf());

  const namesIn = ({ nodes }: Surrounding) =>
    nodes.flatMap((node) => (node.kind === "entity" ? [`${node.type}:${node.label}`] : [])).toSorted();
  const missing = { code: "NOT_FOUND", message: "There is no such entity." };

  const all = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
    const list: Item[] = [];
    for await (const item of items) list.push(item);
    return list;
  };

  describe("graph, as it is read", () => {
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
      const recall = createRecall({ database, cipher, sources: [createGraphSource({ database, rules: graphRules })] });
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
  });
};
