import { beforeAll } from "vitest";
import { loadMasterKey, type MasterKey } from "../../atlas/master-key.ts";
import { describeOnEachDatabase } from "../support/each-database.ts";
import { digestsContract } from "./digests.contract.ts";
import { factsContract } from "./facts.contract.ts";
import { factsModelContract } from "./facts-model.contract.ts";
import { factsOfPeopleContract } from "./facts-of-people.contract.ts";
import { followerContract } from "./follower.contract.ts";
import { fullTextContract } from "./full-text.contract.ts";
import { graphContract } from "./graph.contract.ts";
import { graphReadingContract } from "./graph-reading.contract.ts";
import { vectorsContract } from "./vectors.contract.ts";

// A database of their own: what others say would be read anew by each of their followers.
describeOnEachDatabase((database) => {
  let masterKey: MasterKey;
  beforeAll(async () => {
    masterKey = await loadMasterKey({ ATHENA_MASTER_KEY: "5e".repeat(32), dataDir: "" });
  });

  followerContract(database, () => masterKey);
  fullTextContract(database, () => masterKey);
  vectorsContract(database, () => masterKey);
  graphContract(database, () => masterKey);
  graphReadingContract(database, () => masterKey);
  digestsContract(database, () => masterKey);
  factsContract(database, () => masterKey);
  factsOfPeopleContract(database, () => masterKey);
  factsModelContract(database, () => masterKey);
});
