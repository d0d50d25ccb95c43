import { z } from "zod";

const text = z.string().min(1);

/** Settings of long jobs: how many, how long, and what runs them. */
export const jobSettings = {
  ATHENA_JOBS_PARALLEL: z.coerce
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(20)
    .describe(
      "Long jobs of one caller that may be queued or run at once; ten times as many with those that wait for people.",
    ),
  ATHENA_JOBS_AT_ONCE: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(8)
    .describe("Long jobs that one process runs at once without Temporal; others wait in the database."),
  ATHENA_JOB_TOKENS: z.coerce
    .number()
    .int()
    .min(1)
    .default(1_000_000)
    .describe("Most tokens that one job may use; a crew's own limit holds where it is lower."),
  ATHENA_MODEL_PRICES: text
    .optional()
    .describe(
      "What models cost, for the budget of long jobs: `provider/model=INPUT/OUTPUT` for a million tokens, separated by commas; `provider/*` for all of its others. Without a price: 0.",
    ),
  ATHENA_JOB_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .default(86_400)
    .describe(
      "Longest time that one job may work, without its waits for people; a crew's own limit holds where it is lower.",
    ),
  ATHENA_JOBS_RETENTION_DAYS: z.coerce
    .number()
    .positive()
    .max(3_650)
    .default(30)
    .describe(
      "How long jobs that have ended are kept, with their events and results. What they said in their threads stays.",
    ),
  TEMPORAL_ADDRESS: text
    .regex(/^[^\s/]+:\d+$/, "expected host:port, such as 127.0.0.1:7233")
    .optional()
    .describe(
      "Temporal runs long jobs (crews): `host:port`. With DATABASE_URL `athena worker` does their steps, else the server itself. Unset: the server runs them, on its own database.",
    ),
  TEMPORAL_NAMESPACE: text.default("default").describe("Namespace of Temporal that jobs run in."),
  TEMPORAL_API_KEY: text.optional().describe("Key of Temporal's API; the connection is then TLS."),
  TEMPORAL_TLS: z
    .enum(["off", "on"])
    .default("off")
    .describe("TLS to Temporal; a key, an authority or a certificate below imply it."),
  TEMPORAL_TLS_SERVER_CA_FILE: text
    .optional()
    .describe("PEM file with the authority of Temporal's certificate, where it is not a public one."),
  TEMPORAL_TLS_CLIENT_CERT_FILE: text.optional().describe("PEM file with the certificate shown to Temporal (mTLS)."),
  TEMPORAL_TLS_CLIENT_KEY_FILE: text.optional().describe("PEM file with the key of that certificate."),
  ATHENA_WORKER_STEPS: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(20)
    .describe("Steps of jobs that one worker does at once."),
};
