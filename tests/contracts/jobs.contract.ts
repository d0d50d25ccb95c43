import type { MasterKey } from "../../atlas/master-key.ts";
import type { Database } from "../../platform/db/database.ts";
import { jobStoreBench } from "../support/job-store-bench.ts";
import { jobsAdmissionContract } from "./jobs-admission.contract.ts";
import { jobsAnswersContract } from "./jobs-answers.contract.ts";
import { jobsCancellingContract } from "./jobs-cancelling.contract.ts";
import { jobsConfidentialityContract } from "./jobs-confidentiality.contract.ts";
import { jobsConversationsContract } from "./jobs-conversations.contract.ts";
import { jobsDueContract } from "./jobs-due.contract.ts";
import { jobsEndingContract } from "./jobs-ending.contract.ts";
import { jobsReadingContract } from "./jobs-reading.contract.ts";

/** Jobs, what engines note of them and what tasks keep, on whatever database. */
export const jobsContract = (databaseOf: () => Database, masterKeyOf: () => MasterKey): void => {
  const bench = jobStoreBench(databaseOf, masterKeyOf);

  jobsConversationsContract(bench);
  jobsAdmissionContract(bench);
  jobsAnswersContract(bench);
  jobsCancellingContract(bench);
  jobsReadingContract(bench);
  jobsDueContract(bench);
  jobsEndingContract(bench);
  jobsConfidentialityContract(bench);
};
