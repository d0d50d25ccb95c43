import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { AppError } from "../../platform/errors/app-error.ts";
import { type ClassifierModel, classifyText, type RankedIntent } from "./classifier-model.ts";
import type { TrainingJob } from "./classifier-worker.ts";
import { fromBytes, modelVersion } from "./model-file.ts";
import type { TrainingExample } from "./train-classifier.ts";

/** The part of a logger that is used here. */
export interface ClassifierLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface ExampleClassifierDeps {
  /** Where trained models are kept, by content; undefined: nowhere. */
  readonly cacheDir?: string;
  readonly logger: ClassifierLogger;
  /** The intent whose examples are subjects that nothing answers. */
  readonly reject?: string;
}

export interface ExampleClassifier {
  /**
   * Makes the examples the ones in force: from the cache when they were trained before, else in a worker. Until then the
   * previous model answers. A newer call ends an older one, whose promise then resolves without effect.
   * @throws {AppError} INTERNAL when training fails; the previous model stays.
   */
  train(examples: readonly TrainingExample[], revision: string): Promise<void>;
  /** Likeliest intents first, at most five; empty before the first training and for texts without known features. */
  classify(text: string): RankedIntent[];
  /** Resolves when the training under way, if any, has ended, however it ended. */
  ready(): Promise<void>;
  stop(): Promise<void>;
}

const keptModels = 3;

/** A classifier that learns from examples off the main thread and is swapped in when it is done. */
export const createExampleClassifier = ({
  cacheDir,
  logger,
  reject = "chat",
}: ExampleClassifierDeps): ExampleClassifier => {
  let model: ClassifierModel | undefined;
  let inForce: string | undefined;
  let latest: { revision: string; done: Promise<void> } | undefined;
  let worker: Worker | undefined;
  const fileOf = (key: string) => (cacheDir === undefined ? undefined : join(cacheDir, `classifier-${key}.bin`));

  const runWorker = (job: TrainingJob): Promise<Uint8Array | undefined> => {
    const started = new Worker(new URL("./classifier-worker.ts", import.meta.url), {
      workerData: job,
      name: "classifier-training",
    });
    worker = started;
    return new Promise((resolve, reject) => {
      let bytes: Uint8Array | undefined;
      started.once("message", (message: Uint8Array) => {
        bytes = message;
      });
      started.once("error", reject);
      // A worker that was ended for a newer training leaves without bytes.
      started.once("exit", () => resolve(bytes));
    });
  };
  const load = async (examples: readonly TrainingExample[], revision: string): Promise<void> => {
    const isLatest = () => latest?.revision === revision;
    const key = createHash("sha256").update(`${modelVersion}\n${reject}\n${revision}`).digest("hex").slice(0, 32);
    const file = fileOf(key);
    const started = performance.now();
    const cached = file === undefined ? undefined : fromBytes(await readFile(file).catch(() => new Uint8Array()));
    if (!isLatest()) return;
    const bytes = cached
      ? undefined
      : await runWorker({ examples: examples.map(({ intent, text }) => ({ intent, text })), reject });
    const trained = cached ?? (bytes && fromBytes(bytes));
    if (!isLatest() || !trained) return;
    model = trained;
    inForce = revision;
    logger.info(
      {
        intents: trained.intents.length,
        examples: examples.length,
        milliseconds: Math.round(performance.now() - started),
        cached: cached !== undefined,
      },
      "The intent classifier is ready.",
    );
    if (file !== undefined && bytes)
      await keep(file, bytes).catch((error: unknown) =>
        logger.warn({ err: error }, "The trained classifier could not be kept."),
      );
  };
  return {
    train(examples, revision) {
      if (latest?.revision === revision) return latest.done;
      void worker?.terminate();
      worker = undefined;
      if (inForce === revision) {
        latest = { revision, done: Promise.resolve() };
        return latest.done;
      }
      const done = Promise.resolve()
        .then(() => load(examples, revision))
        .catch((cause: unknown) => {
          if (latest?.revision === revision) latest = undefined;
          throw new AppError("INTERNAL", "The intent classifier could not be trained.", { cause });
        });
      latest = { revision, done };
      return done;
    },
    classify: (text) => (model ? classifyText(model, text) : []),
    async ready() {
      for (let waited: Promise<void> | undefined; latest && latest.done !== waited; ) {
        waited = latest.done;
        await waited.catch(() => undefined);
      }
    },
    async stop() {
      latest = undefined;
      await worker?.terminate();
      worker = undefined;
    },
  };
};

/** Writes whole or not at all, and leaves only the newest few. */
const keep = async (file: string, bytes: Uint8Array): Promise<void> => {
  const folder = join(file, "..");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = `${file}.${randomUUID()}.tmp`;
  await writeFile(temporary, bytes, { mode: 0o600 });
  await rename(temporary, file);
  const models = (await readdir(folder))
    .filter((name) => /^classifier-[0-9a-f]{32}\.bin$/.test(name))
    .map((name) => join(folder, name));
  const dated = await Promise.all(models.map(async (path) => ({ path, at: (await stat(path)).mtimeMs })));
  const byAge = dated.sort((left, right) => right.at - left.at);
  for (const { path } of byAge.slice(keptModels)) await rm(path, { force: true });
};
