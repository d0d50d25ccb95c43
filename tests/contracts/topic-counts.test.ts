import { beforeAll } from "vitest";
import { loadMasterKey, type MasterKey } from "../../atlas/master-key.ts";
import { describeOnEachDatabase } from "../support/each-database.ts";
import { topicCountsContract } from "./topic-counts.contract.ts";

// A database of its own: it says much, which the followers of other contracts would read anew.
describeOnEachDatabase((database) => {
  let masterKey: MasterKey;
  beforeAll(async () => {
    masterKey = await loadMasterKey({ ATHENA_MASTER_KEY: "5e".repeat(32), dataDir: "" });
  });

  topicCountsContract(database, () => masterKey);
});
