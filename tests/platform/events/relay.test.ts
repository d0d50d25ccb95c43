import { relayContract } from "../../contracts/relay.contract.ts";
import { describeOnEachDatabase } from "../../support/each-database.ts";

describeOnEachDatabase(relayContract);
