import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createTimeline } from "../../atlas/create-timeline.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import type { NewMessage, Thread } from "../../atlas/timeline.ts";
import type { Database } from "../../platform/db/database.ts";
import { everythingStored } from "../support/everything-stored.ts";
import { logOf, said, somebody } from "../support/timeline-samples.ts";

/** What a confidential thread keeps to itself, on whatever database. */
export const timelineConfidentialContract = (databaseOf: () => Database, masterKeyOf: () => MasterKey): void => {
  const timelineOf = () => {
    const cipher = createThreadCipher({ masterKey: masterKeyOf() });
    return createTimeline({ database: databaseOf(), cipher });
  };

  describe("confidential threads", () => {
    test("leave nothing of content, meta or thread meta in clear anywhere in the database", async () => {
      const timeline = timelineOf();
      const principal = somebody();
      const marker = `marker${randomUUID().slice(0, 8)}`;
      const meta = { evidence: [{ text: marker }] };
      const { thread, messages } = await timeline.open({
        principal,
        mode: "confidential",
        meta,
        messages: [said(`ask ${marker}`, meta)],
      });
      const answer: NewMessage = { role: "assistant", author: "athena", content: `answer ${marker}`, meta };
      const [closed] = await timeline.close({ thread, messages: [answer], log: logOf(thread) });
      expect(await everythingStored(databaseOf())).not.toContain(marker);
      expect((await timeline.messages(principal, thread.id, { after: 0, limit: 5 })).messages).toEqual([
        ...messages,
        closed,
      ]);
      expect(await timeline.thread(principal, thread.id)).toMatchObject({ meta, mode: "confidential" });
      const stored = await databaseOf().query(
        "select ciphertext is not null as sealed, meta from messages where thread_id = $1",
        [thread.id],
      );
      expect(stored).toEqual([0, 1].map(() => ({ sealed: true, meta: {} })));
    });

    test("stay confidential when later turns are open, in this process and in another", async () => {
      const [here, elsewhere] = [timelineOf(), timelineOf()];
      const principal = somebody();
      const marker = `sticky${randomUUID().slice(0, 8)}`;
      const { thread } = await here.open({ principal, mode: "open", messages: [said("in clear")] });
      await elsewhere.thread(principal, thread.id);
      await elsewhere.open({ principal, threadId: thread.id, mode: "open", messages: [said("also in clear")] });
      const turned = await here.open({
        principal,
        threadId: thread.id,
        mode: "confidential",
        messages: [said(marker)],
      });
      expect(turned.thread.mode).toBe("confidential");
      // The other process still takes the thread for open.
      const later = await elsewhere.open({
        principal,
        threadId: thread.id,
        mode: "open",
        messages: [said(`${marker} again`)],
      });
      expect(later.thread.mode).toBe("confidential");
      await elsewhere.close({
        thread,
        messages: [{ role: "assistant", author: "athena", content: marker }],
        log: logOf(thread),
      });
      expect(await everythingStored(databaseOf())).not.toContain(marker);
      const { messages } = await timelineOf().messages(principal, thread.id, { after: 0, limit: 9 });
      expect(messages.map(({ content }) => content)).toEqual([
        "in clear",
        "also in clear",
        marker,
        `${marker} again`,
        marker,
      ]);
      await expect(
        databaseOf().query("update threads set mode = 'open', wrapped_key = null where id = $1", [thread.id]),
      ).rejects.toThrow(/stays confidential/);
    });

    test("turned confidential by several writers at once end up with one key", async () => {
      const principal = somebody();
      const { thread } = await timelineOf().open({ principal, mode: "open", messages: [said("0")] });
      await Promise.all(
        Array.from({ length: 8 }, (_, writer) =>
          timelineOf().open({
            principal,
            threadId: thread.id,
            mode: writer % 2 ? "confidential" : "open",
            messages: [said(`w${writer}`)],
          }),
        ),
      );
      const { messages } = await timelineOf().messages(principal, thread.id, { after: 0, limit: 20 });
      expect(messages.map(({ content }) => content).toSorted()).toEqual([
        "0",
        ...Array.from({ length: 8 }, (_, writer) => `w${writer}`),
      ]);
    });

    test("refuse a ciphertext that was changed, copied to another message or thread, and a foreign key", async () => {
      const timeline = timelineOf();
      const database = databaseOf();
      const principal = somebody();
      const first = await timeline.open({ principal, mode: "confidential", messages: [said("one"), said("two")] });
      const second = await timeline.open({ principal, mode: "confidential", messages: [said("three")] });
      const forge = async (thread: Thread, position: number, cipherOf: string) => {
        await database.query(
          `insert into messages (id, thread_id, position, role, author, owner, scope_key, ciphertext)
           select gen_random_uuid(), $1, $2, role, author, owner, scope_key, ${cipherOf} from messages where id = $3`,
          [thread.id, position, first.messages[0]!.id],
        );
        await expect(timeline.messages(principal, thread.id, { after: position - 1, limit: 1 })).rejects.toMatchObject({
          code: "INTERNAL",
        });
      };
      await forge(first.thread, 3, "ciphertext");
      await forge(first.thread, 4, "set_byte(ciphertext, 40, get_byte(ciphertext, 40) # 1)");
      await forge(first.thread, 5, "substring(ciphertext for 20)");
      await forge(second.thread, 2, "ciphertext");
      expect((await timeline.messages(principal, first.thread.id, { after: 0, limit: 2 })).messages).toHaveLength(2);
      await database.query(
        "update threads t set wrapped_key = o.wrapped_key from threads o where t.id = $1 and o.id = $2",
        [second.thread.id, first.thread.id],
      );
      await expect(timelineOf().latest(principal, second.thread.id, 5)).rejects.toMatchObject({ code: "INTERNAL" });
    });
  });
};
