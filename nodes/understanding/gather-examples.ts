import { createHash } from "node:crypto";
import { Worker } from "node:worker_threads";
import type { Registry } from "../../platform/config/registry.ts";
import type { DeriveJob } from "./derive-parts.ts";
import type { TrainingExample } from "./train-classifier.ts";

/** The intents of an example: one, or several joined by `+` (`weather+news`). */
export const intentsOf = (intent: string): readonly string[] => intent.split("+");

export interface ExampleGatherer {
  /**
   * The examples of the enabled intents, each of one intent. Those of several are cut into their parts by a worker; where
   * that fails they are left out.
   */
  gather(registry: Pick<Registry, "examples" | "intents" | "multiIntentRules">): Promise<readonly TrainingExample[]>;
  stop(): Promise<void>;
}

/** Keeps what it cut last, so that a change of other rows does not cut it again. */
export const createExampleGatherer = (
  reject: string,
  logger: { warn(fields: object, message: string): void },
): ExampleGatherer => {
  let worker: Worker | undefined;
  let last: { key: string; derived: Promise<readonly TrainingExample[]> } | undefined;
  const derive = (job: DeriveJob): Promise<readonly TrainingExample[]> => {
    const key = createHash("sha256").update(JSON.stringify(job)).digest("hex");
    if (last?.key === key) return last.derived;
    const derived = runWorker(job).catch((error: unknown) => {
      logger.warn({ err: error }, "Examples of several intents could not be cut into parts; they are left out.");
      return [];
    });
    last = { key, derived };
    return derived;
  };
  const runWorker = (job: DeriveJob): Promise<readonly TrainingExample[]> => {
    void worker?.terminate();
    const started = new Worker(new URL("./derive-parts-worker.ts", import.meta.url), {
      workerData: job,
      name: "example-cutting",
    });
    worker = started;
    return new Promise((resolve, fail) => {
      let parts: readonly TrainingExample[] = [];
      started.once("message", (message: readonly TrainingExample[]) => {
        parts = message;
      });
      started.once("error", fail);
      started.once("exit", () => resolve(parts));
    });
  };
  return {
    async gather({ examples, intents, multiIntentRules }) {
      const enabled = new Set(intents.filter((row) => row.enabled).map((row) => row.id));
      const used = examples
        .map(({ intent, text, locale }) => ({ intents: intentsOf(intent), text, locale }))
        .filter((example) => example.intents.every((intent) => enabled.has(intent)));
      const single = used.filter((example) => example.intents.length === 1);
      const several = used.filter((example) => example.intents.length > 1);
      const known = single.map((example) => ({ intent: example.intents[0]!, text: example.text }));
      if (several.length === 0) return known;
      const rules = multiIntentRules.filter(({ kind }) => kind === "split");
      return [...known, ...(await derive({ examples: known, several, rules, reject }))];
    },
    async stop() {
      await worker?.terminate();
    },
  };
};
