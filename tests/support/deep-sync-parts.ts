import { randomUUID } from "node:crypto";
import { createThreadChanges } from "../../atlas/create-thread-changes.ts";
import { createTimeline } from "../../atlas/create-timeline.ts";
import { createDeepEdge } from "../../atlas/deep/deep-edge.ts";
import { createDeepFollower } from "../../atlas/deep/follow-for-deep.ts";
import type { SyncChange, SyncPage } from "../../atlas/deep/sync-page.ts";
import { createImportTarget } from "../../atlas/import/import-target.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import type { Database } from "../../platform/db/database.ts";
import { somebody } from "./timeline-samples.ts";

const never = () => false;

/** What a test of the log needs, with a reader of its own: how things are said, followed and pulled. */
export const deepSyncParts = (database: Database, masterKey: MasterKey, reader = `reader-${randomUUID()}`) => {
  const cipher = createThreadCipher({ masterKey });
  const follower = createDeepFollower({ database, rule: "scoped", logger: { warn: () => undefined } });
  const edge = createDeepEdge({ database, rule: "scoped" });
  const pull = (after?: string, limit = 200): Promise<SyncPage> =>
    edge.pull({ reader, ...(after === undefined ? {} : { after }), limit, waitMs: 0, ended: never });
  /** Everything after a cursor, page by page. */
  const pullAll = async (after: string | undefined, limit = 200) => {
    const changes: SyncChange[] = [];
    let cursor = after;
    for (;;) {
      const page = await pull(cursor, limit);
      changes.push(...page.changes);
      cursor = page.next;
      if (!page.more && !page.reset) return { changes, cursor };
    }
  };
  /** The cursor after all that other tests left. */
  const now = async () => {
    await follower.catchUp();
    return (await pullAll(undefined, 1_000)).cursor;
  };
  return {
    database,
    follower,
    edge,
    reader,
    pull,
    pullAll,
    now,
    timeline: createTimeline({ database, cipher }),
    changes: createThreadChanges({ database, cipher }),
    documents: (principal: string) => createImportTarget({ database, cipher }, { principal, scope: "personal" }),
    principal: somebody(),
  };
};
