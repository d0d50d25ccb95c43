import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createClientConversations } from "../../atlas/client-conversations.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import type { Database } from "../../platform/db/database.ts";
import { everythingStored } from "../support/everything-stored.ts";

/** What every store of client conversations keeps, on whatever database. */
export const clientConversationsContract = (databaseOf: () => Database, masterKeyOf: () => MasterKey): void => {
  const storeOf = () =>
    createClientConversations({ database: databaseOf(), mac: masterKeyOf().mac("client conversations") });
  const conversation = (change: object = {}) => ({
    owner: `key:${randomUUID()}`,
    profile: "open-webui",
    externalId: "chat-1",
    ...change,
  });

  describe("client conversations", () => {
    test("one conversation is one thread, in every process and however many ask at once", async () => {
      const asked = conversation();
      const threads = await Promise.all(Array.from({ length: 10 }, () => storeOf().threadOf(asked)));
      expect(new Set(threads).size).toBe(1);
      expect(await storeOf().find(asked)).toBe(threads[0]);
    });

    test("another owner, profile or id is another conversation", async () => {
      const store = storeOf();
      const asked = conversation();
      const others = [{ owner: "key:other" }, { profile: "librechat" }, { externalId: "chat-2" }];
      const threads = await Promise.all([{}, ...others].map((change) => store.threadOf({ ...asked, ...change })));
      expect(new Set(threads).size).toBe(4);
    });

    test("finding reserves nothing", async () => {
      const asked = conversation();
      expect(await storeOf().find(asked)).toBeUndefined();
      expect(await storeOf().find(asked)).toBeUndefined();
    });

    test("the client's own id is not readable in the database", async () => {
      const marker = `Ada Lovelace ${randomUUID()}`;
      await storeOf().threadOf(conversation({ externalId: marker }));
      expect(await everythingStored(databaseOf())).not.toContain(marker);
    });
  });
};
