import { databaseContract } from "../../contracts/database.contract.ts";
import { describeOnEachDatabase } from "../../support/each-database.ts";

describeOnEachDatabase(databaseContract, { schema: "none" });
