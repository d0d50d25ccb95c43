import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createChannels } from "../../atlas/channels.ts";
import { createThreadChanges } from "../../atlas/create-thread-changes.ts";
import { createTimeline } from "../../atlas/create-timeline.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import { createRecall } from "../../atlas/recall.ts";
import { createTeams } from "../../atlas/teams.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import type { NewMessage } from "../../atlas/timeline.ts";
import type { Database } from "../../platform/db/database.ts";
import { somebody } from "../support/timeline-samples.ts";

const said = (content: string): NewMessage => ({ role: "user", author: "ada", content });

/** What one's own, one's teams' and public scopes let through, on whatever database. */
export const scopesContract = (databaseOf: () => Database, masterKeyOf: () => MasterKey): void => {
  const partsOf = () => {
    const database = databaseOf();
    const cipher = createThreadCipher({ masterKey: masterKeyOf() });
    return {
      database,
      timeline: createTimeline({ database, cipher }),
      changes: createThreadChanges({ database, cipher }),
      recall: createRecall({ database, cipher }),
    };
  };
  const teamOf = async (...principals: readonly { readonly id: string }[]): Promise<string> => {
    const id = `team-${randomUUID().slice(0, 8)}`;
    await createTeams({ database: databaseOf() }).add(
      id,
      principals.map((principal) => principal.id),
    );
    return id;
  };
  const channelOf = async (kind: string, scope: string, owner: string, teamId: string | null = null) => {
    const id = `channel-${randomUUID().slice(0, 8)}`;
    await databaseOf().query("insert into channels (id, kind, scope, owner, team_id) values ($1, $2, $3, $4, $5)", [
      id,
      kind,
      scope,
      owner,
      teamId,
    ]);
    return id;
  };

  describe("scopes", () => {
    test.each(["open", "confidential"] as const)(
      "let a team's members read and write its %s threads, and nobody else",
      async (mode) => {
        const { timeline, changes, recall } = partsOf();
        const [ada, bob, eve] = [somebody(), somebody(), somebody()];
        const teamId = await teamOf(ada, bob);
        await teamOf(eve);
        const { thread } = await timeline.open({
          principal: ada,
          mode,
          scope: "team",
          messages: [said("the heron plan")],
        });
        expect(thread).toMatchObject({ owner: ada.id, scope: "team", teamId });
        const answered = await timeline.open({ principal: bob, threadId: thread.id, mode, messages: [said("agreed")] });
        expect(answered.thread).toMatchObject({ owner: ada.id, lastPosition: 2 });
        await changes.append({ principal: bob, threadId: thread.id, sincePosition: 2, messages: [said("done")] });
        const read = await timeline.messages(bob, thread.id, { after: 0, limit: 9 });
        expect(read.messages.map(({ content }) => content)).toEqual(["the heron plan", "agreed", "done"]);
        const found = await recall({ principal: bob, query: "heron", threadId: thread.id, limit: 5 });
        expect(found.map(({ content }) => content)).toEqual(["the heron plan"]);

        expect(await recall({ principal: eve, query: "heron", threadId: thread.id, limit: 5 })).toEqual([]);
        const missing = { code: "NOT_FOUND", message: "There is no such thread." };
        for (const threadId of [thread.id, randomUUID()]) {
          const address = { principal: eve, threadId, messageId: answered.messages[0]!.id };
          const given = { principal: eve, threadId, messages: [said("hi")] };
          await expect(timeline.thread(eve, threadId)).rejects.toMatchObject(missing);
          await expect(timeline.messages(eve, threadId, { after: 0, limit: 5 })).rejects.toMatchObject(missing);
          await expect(timeline.open({ ...given, mode })).rejects.toMatchObject(missing);
          await expect(changes.append({ ...given, sincePosition: 3 })).rejects.toMatchObject(missing);
          await expect(changes.append({ ...given, sincePosition: 0 })).rejects.toMatchObject(missing);
          await expect(changes.edit({ ...address, content: "x" })).rejects.toMatchObject(missing);
          await expect(changes.remove(address)).rejects.toMatchObject(missing);
          await expect(changes.revisions(address)).rejects.toMatchObject(missing);
        }
        expect((await timeline.thread(ada, thread.id)).lastPosition).toBe(3);
      },
    );

    test("close to whoever leaves the team, at once and also where the thread was known", async () => {
      const { database, timeline } = partsOf();
      const [ada, bob] = [somebody(), somebody()];
      await teamOf(ada, bob);
      const { thread } = await timeline.open({ principal: ada, mode: "open", scope: "team", messages: [said("one")] });
      const write = () => timeline.open({ principal: bob, threadId: thread.id, mode: "open", messages: [said("two")] });
      await write();
      await database.query("delete from team_members where principal = $1", [bob.id]);
      await expect(write()).rejects.toMatchObject({ code: "NOT_FOUND" });
      await expect(timeline.latest(bob, thread.id, 5)).rejects.toMatchObject({ code: "NOT_FOUND" });
    });

    test("ask which team is meant, and take none that the caller is not in", async () => {
      const { timeline, changes } = partsOf();
      const [ada, eve] = [somebody(), somebody()];
      const [first, second] = [await teamOf(ada), await teamOf(ada)];
      const create = (principal: typeof ada, teamId?: string) =>
        changes.create({ principal, scope: "team", ...(teamId === undefined ? {} : { teamId }) });
      await expect(create(ada)).rejects.toMatchObject({ code: "INVALID_INPUT", field: "team_id" });
      await expect(create(eve, first)).rejects.toMatchObject({ code: "INVALID_INPUT", field: "team_id" });
      expect(await create(ada, second)).toMatchObject({ scope: "team", teamId: second });
      // Who is in no team keeps it to themselves.
      const own = await timeline.open({ principal: eve, mode: "open", scope: "team", messages: [said("mine")] });
      await expect(timeline.thread(ada, own.thread.id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    });

    test("let everybody read what is public, and only its owner or a group write to it", async () => {
      const { timeline, changes } = partsOf();
      const [ada, eve] = [somebody(), somebody()];
      const { thread } = await timeline.open({
        principal: ada,
        mode: "open",
        scope: "public",
        messages: [said("news")],
      });
      expect((await timeline.latest(eve, thread.id, 5)).map(({ content }) => content)).toEqual(["news"]);
      const given = { principal: eve, threadId: thread.id, messages: [said("graffiti")] };
      await expect(timeline.open({ ...given, mode: "open" })).rejects.toMatchObject({ code: "POLICY_DENIED" });
      await expect(timeline.open({ ...given, mode: "confidential" })).rejects.toMatchObject({ code: "POLICY_DENIED" });
      await expect(changes.append({ ...given, sincePosition: 1 })).rejects.toMatchObject({ code: "POLICY_DENIED" });
      expect(await timeline.thread(ada, thread.id)).toMatchObject({ mode: "open", lastPosition: 1 });

      const group = await changes.create({ principal: ada, channelId: await channelOf("group", "public", ada.id) });
      expect(group.scope).toBe("public");
      await changes.append({ principal: eve, threadId: group.id, sincePosition: 0, messages: [said("hello all")] });
      expect((await timeline.latest(ada, group.id, 5))[0]).toMatchObject({ content: "hello all" });
    });

    test("give a thread its channel's scope, and hide channels that are not the caller's", async () => {
      const { changes } = partsOf();
      const [ada, bob, eve] = [somebody(), somebody(), somebody()];
      const teamId = await teamOf(ada, bob);
      const channelId = await channelOf("group", "team", ada.id, teamId);
      expect(await changes.create({ principal: bob, channelId, scope: "public" })).toMatchObject({
        channelId,
        scope: "team",
        teamId,
      });
      const missing = { code: "NOT_FOUND", message: "There is no such channel." };
      for (const id of [channelId, `direct:${ada.id}`, "none"]) {
        await expect(changes.create({ principal: eve, channelId: id })).rejects.toMatchObject(missing);
      }
    });

    test("show channels to those who see them, and let nobody make one for a foreign team", async () => {
      const channels = createChannels({ database: databaseOf() });
      const [ada, bob, eve] = [somebody(), somebody(), somebody()];
      const teamId = await teamOf(ada, bob);
      const own = await channels.create(ada, { kind: "email", title: "Post", scope: "personal" });
      const team = await channels.create(ada, {
        kind: "group",
        title: "Ops",
        scope: "team",
        agents: ["ops"],
        behavior: { level: "ack" },
      });
      expect(team).toMatchObject({ kind: "group", teamId, owner: ada.id, agents: ["ops"], behavior: { level: "ack" } });
      const seen = async (principal: typeof ada) =>
        (await channels.list(principal, { limit: 500 })).channels
          .filter(({ owner }) => owner === ada.id)
          .map(({ id }) => id);
      expect(await seen(ada)).toEqual([own.id, team.id].toSorted());
      expect(await seen(bob)).toEqual([team.id]);
      expect(await seen(eve)).toEqual([]);
      const first = await channels.list(ada, { limit: 1 });
      expect(first.nextAfter).toBe(first.channels[0]!.id);
      expect((await channels.list(ada, { limit: 1, after: first.nextAfter! })).channels[0]!.id > first.nextAfter!).toBe(
        true,
      );
      for (const given of [{ teamId }, {}]) {
        const making = channels.create(eve, { kind: "group", title: "x", scope: "team", ...given });
        await expect(making).rejects.toMatchObject({ code: "INVALID_INPUT", field: "team_id" });
      }
    });

    test("take no team of an odd name, and know who was added before", async () => {
      const teams = createTeams({ database: databaseOf() });
      const id = `team-${randomUUID().slice(0, 8)}`;
      expect(await teams.add(id, ["b", "a"])).toBe(2);
      expect(await teams.add(id, ["a", "c"])).toBe(1);
      expect(await teams.remove(id, ["c", "d"])).toBe(1);
      expect((await teams.list()).find((team) => team.id === id)?.members).toEqual(["a", "b"]);
      for (const name of ["", "a b", "x:y", "-", "a".repeat(65)]) {
        await expect((async () => teams.add(name, ["a"]))()).rejects.toMatchObject({ code: "INVALID_INPUT" });
      }
    });

    test("list one's own threads, or those of a scope, a team, a channel or a title", async () => {
      const { timeline, changes } = partsOf();
      const [ada, bob, eve] = [somebody(), somebody(), somebody()];
      const teamId = await teamOf(ada, bob);
      const channelId = await channelOf("group", "team", ada.id, teamId);
      const own = await changes.create({ principal: ada, meta: { title: "Rent of the 50% flat" } });
      const secret = await changes.create({ principal: ada, mode: "confidential", meta: { title: "Rent, secret" } });
      const team = await changes.create({ principal: bob, scope: "team" });
      const grouped = await changes.create({ principal: bob, channelId });
      const published = await changes.create({ principal: bob, scope: "public", meta: { title: `Notice ${teamId}` } });
      const ids = async (principal: typeof ada, page: object) =>
        (await timeline.threads(principal, { limit: 50, ...page })).threads.map(({ id }) => id);
      expect(await ids(ada, {})).toEqual([secret.id, own.id]);
      expect(await ids(ada, { scope: "personal" })).toEqual([secret.id, own.id]);
      expect(await ids(ada, { scope: "team" })).toEqual([grouped.id, team.id]);
      expect(await ids(ada, { scope: "team", channelId })).toEqual([grouped.id]);
      expect(await ids(ada, { scope: "team", teamId, after: grouped.id })).toEqual([team.id]);
      expect(await ids(ada, { query: "50%" })).toEqual([own.id]);
      expect(await ids(ada, { query: "rent" })).toEqual([own.id]);
      expect(await ids(ada, { query: "r_nt" })).toEqual([]);
      expect(await ids(eve, { scope: "public", query: teamId })).toEqual([published.id]);
      for (const page of [{ scope: "team" }, { scope: "team", teamId }, { channelId }, { scope: "personal" }, {}]) {
        expect(await ids(eve, page)).toEqual([]);
      }
    });

    test("show receipts of a team's thread to who asked and to the thread's owner", async () => {
      const { timeline } = partsOf();
      const [ada, bob, cyd] = [somebody(), somebody(), somebody()];
      await teamOf(ada, bob, cyd);
      const { thread } = await timeline.open({ principal: ada, mode: "open", scope: "team", messages: [said("?")] });
      const log = {
        id: randomUUID(),
        threadId: thread.id,
        principal: bob.id,
        surface: "native",
        agent: "athena",
        mode: "open" as const,
        egress: "full",
        intents: [],
        calls: [],
        tokensIn: 0,
        tokensOut: 0,
        responseMs: 1,
        validation: { ok: true, violations: [] },
        degraded: [],
        receipt: [],
      };
      await timeline.close({ thread, messages: [{ role: "assistant", author: "athena", content: "!" }], log });
      const count = async (principal: typeof ada) => (await timeline.receipts(principal, thread.id, 5)).length;
      expect([await count(ada), await count(bob), await count(cyd)]).toEqual([1, 1, 0]);
    });
  });
};
