import { afterAll, beforeAll } from "vitest";
import { createCorePostgresStore } from "../../atlas/core/postgres-store.ts";
import { createQdrantStore } from "../../atlas/core/qdrant-store.ts";
import { withPrincipals } from "../../atlas/core/scoped-vector-store.ts";
import { loadMasterKey, type MasterKey } from "../../atlas/master-key.ts";
import { createPostgresVectorStore } from "../../atlas/vectors/postgres-vector-store.ts";
import { describeOnEachDatabase } from "../support/each-database.ts";
import { type QdrantServer, startQdrantServer } from "../support/qdrant-server.ts";
import { archiveAndErasureContract } from "./archive-and-erasure.contract.ts";
import { auditContract } from "./audit.contract.ts";
import { clientConversationsContract } from "./client-conversations.contract.ts";
import { clientToolTurnsContract } from "./client-tool-turns.contract.ts";
import { deadLetterAlertsContract } from "./dead-letter-alerts.contract.ts";
import { deepCursorsContract } from "./deep-cursors.contract.ts";
import { deepRecallContract } from "./deep-recall.contract.ts";
import { deepSyncContract } from "./deep-sync.contract.ts";
import { idempotencyContract } from "./idempotency.contract.ts";
import { importContract } from "./import.contract.ts";
import { outboxContract } from "./outbox.contract.ts";
import { peopleDirectoryContract } from "./people-directory.contract.ts";
import { recallContract } from "./recall.contract.ts";
import { registryContract } from "./registry.contract.ts";
import { schedulesContract } from "./schedules.contract.ts";
import { scopesContract } from "./scopes.contract.ts";
import { summariseThreadsContract } from "./summarise-threads.contract.ts";
import { threadChangesContract } from "./thread-changes.contract.ts";
import { threadSummariesContract } from "./thread-summaries.contract.ts";
import { timelineContract } from "./timeline.contract.ts";
import { timelineConfidentialContract } from "./timeline-confidential.contract.ts";
import { vectorStoreContract } from "./vector-store.contract.ts";

// All contracts of what lives in the database, but for its indexes, share one of each kind: starting one takes a second.
describeOnEachDatabase((database) => {
  let masterKey: MasterKey;
  beforeAll(async () => {
    masterKey = await loadMasterKey({ ATHENA_MASTER_KEY: "5e".repeat(32), dataDir: "" });
  });

  timelineContract(database, () => masterKey);
  timelineConfidentialContract(database, () => masterKey);
  scopesContract(database, () => masterKey);
  threadChangesContract(database, () => masterKey);
  archiveAndErasureContract(database, () => masterKey);
  importContract(database, () => masterKey);
  recallContract(database, () => masterKey);
  deepRecallContract(database, () => masterKey);
  deepSyncContract(database, () => masterKey);
  deepCursorsContract(database, () => masterKey);
  threadSummariesContract(database, () => masterKey);
  clientConversationsContract(database, () => masterKey);
  clientToolTurnsContract(database, () => masterKey);
  peopleDirectoryContract(database, () => masterKey);
  idempotencyContract(database, () => masterKey);
  auditContract(database);
  vectorStoreContract("the main database, compared one by one", database, (opened) =>
    createPostgresVectorStore({ database: opened }),
  );
  vectorStoreContract("the main database, through the index", database, (opened) =>
    createPostgresVectorStore({ database: opened, few: 0 }),
  );
  vectorStoreContract("the core's own database, compared one by one", database, (opened) =>
    withPrincipals(createCorePostgresStore({ database: opened }), opened),
  );
  vectorStoreContract("the core's own database, through the index", database, (opened) =>
    withPrincipals(createCorePostgresStore({ database: opened, few: 0 }), opened),
  );
  const standIns: QdrantServer[] = [];
  afterAll(() => Promise.all(standIns.map((server) => server.stop())));
  for (const layout of ["tenants", "collections"] as const) {
    vectorStoreContract(`Qdrant, layout ${layout}`, database, async (opened) => {
      // A real one where the environment names it, else the stand-in.
      const collectionOf = ({ id }: { readonly id: number }) => `test_${process.pid}_${opened.kind}_${layout}_${id}`;
      if (!process.env.QDRANT_URL) standIns.push(await startQdrantServer());
      const url = process.env.QDRANT_URL || standIns.at(-1)!.url;
      return withPrincipals(createQdrantStore({ url, layout, collectionOf }), opened);
    });
  }
  outboxContract(database);
  deadLetterAlertsContract(database);
  schedulesContract(database);
  summariseThreadsContract(database, () => masterKey);
  registryContract(database);
});
