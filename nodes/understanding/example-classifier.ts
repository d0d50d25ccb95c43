import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { AppError } from "../../platform/errors/app-error.ts";
import { type ClassifierModel, classifyText, type RankedIntent } from "./classifier-model.ts";
import type { TrainingJob } from "./classifier-worker.ts";
import { createExampleVectors, type EmbedTexts } from "./example-vectors.ts";
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
  /** An embedding model whose vectors join the words. */
  readonly embedding?: { readonly model: string; readonly embed: EmbedTexts } | undefined;
}

export interface ExampleClassifier {
  /**
   * Makes the examples the ones in force: from the cache when they were trained before, else in a worker. Until then the
   * previous model answers. A newer call ends an older one, whose promise then resolves without effect. Embeddings join
   * later: the promise does not wait for them, and without them the words alone decide.
   * @throws {AppError} INTERNAL when training fails; the previous model stays.
   */
  train(examples: readonly TrainingExample[], revision: string): Promise<void>;
  /**
   * Likeliest intents first, at most five; empty before the first training and for texts without known features. `vector`:
   * the text's embedding, if there is one.
   */
  classify(text: string, vector?: Float32Array): RankedIntent[];
  /** Whether an embedding of a text would be of use now. */
  takesVectors(): boolean;
  /** Resolves when the training under way, if any, has ended, with embeddings or however else. */
  ready(): Promise<void>;
  stop(): Promise<void>;
}

const keptModels = 4;
/** Pause before embeddings are asked for again after the model could not give them. */
const embedAgainMs = 60_000;

/** A classifier that learns from examples off the main thread and is swapped in when it is done. */
export const createExampleClassifier = ({
  cacheDir,
  logger,
  reject = "chat",
  embedding,
}: ExampleClassifierDeps): ExampleClassifier => {
  let model: ClassifierModel | undefined;
  let inForce: string | undefined;
  let latest: { revision: string; done: Promise<void>; stopping: AbortController } | undefined;
  let joining: Promise<void> = Promise.resolve();
  const vectorsOf = embedding && createExampleVectors({ cacheDir, ...embedding });
  const fileOf = (key: string) => (cacheDir === undefined ? undefined : join(cacheDir, `classifier-${key}.bin`));
  const keyOf = (revision: string, vectorsOfModel: string) =>
    createHash("sha256")
      .update(`${modelVersion}\n${reject}\n${revision}\n${vectorsOfModel}`)
      .digest("hex")
      .slice(0, 32);

  /** Puts the model for a job in force: kept from an earlier training, or trained now. False when it is no longer wanted. */
  const obtain = async (
    key: string,
    revision: string,
    { examples }: TrainingJob,
    signal: AbortSignal,
    vectors?: () => Promise<readonly Float32Array[]>,
  ): Promise<boolean> => {
    const file = fileOf(key);
    const started = performance.now();
    const cached = file === undefined ? undefined : fromBytes(await readFile(file).catch(() => new Uint8Array()));
    if (signal.aborted) return false;
    const bytes = cached ? undefined : await runWorker({ examples, reject, vectors: await vectors?.() }, signal);
    const trained = cached ?? (bytes && fromBytes(bytes));
    if (signal.aborted || !trained) return false;
    model = trained;
    inForce = revision;
    logger.info(
      {
        intents: trained.intents.length,
        examples: examples.length,
        milliseconds: Math.round(performance.now() - started),
        cached: cached !== undefined,
        vectors: trained.vectors !== undefined,
      },
      "The intent classifier is ready.",
    );
    if (file !== undefined && bytes)
      await keep(file, bytes).catch((error: unknown) =>
        logger.warn({ err: error }, "The trained classifier could not be kept."),
      );
    return true;
  };
  const joinVectors = async (plain: TrainingJob, revision: string, signal: AbortSignal): Promise<void> => {
    if (!embedding || !vectorsOf || plain.examples.length === 0) return;
    const texts = plain.examples.map(({ text }) => text);
    try {
      await obtain(keyOf(revision, embedding.model), revision, plain, signal, () => vectorsOf(texts, signal));
    } catch (error) {
      if (signal.aborted) return;
      logger.warn({ err: error }, "The examples could not be embedded; their words alone decide until they are.");
      const again = () => {
        joining = joinVectors(plain, revision, signal);
      };
      void setTimeout(embedAgainMs, undefined, { signal, ref: false }).then(again, () => undefined);
    }
  };
  return {
    train(examples, revision) {
      if (latest?.revision === revision) return latest.done;
      latest?.stopping.abort();
      const stopping = new AbortController();
      const plain = { examples: examples.map(({ intent, text }) => ({ intent, text })), reject };
      const load = async () => {
        if (inForce !== revision) await obtain(keyOf(revision, ""), revision, plain, stopping.signal);
        if (!stopping.signal.aborted) joining = joinVectors(plain, revision, stopping.signal);
      };
      const done = Promise.resolve()
        .then(load)
        .catch((cause: unknown) => {
          if (latest?.revision === revision) latest = undefined;
          throw new AppError("INTERNAL", "The intent classifier could not be trained.", { cause });
        });
      latest = { revision, done, stopping };
      return done;
    },
    classify: (text, vector) => (model ? classifyText(model, text, vector) : []),
    takesVectors: () => model?.vectors !== undefined,
    async ready() {
      for (let waited: Promise<void> | undefined; latest && latest.done !== waited; ) {
        waited = latest.done;
        await waited.catch(() => undefined);
        await joining;
      }
    },
    async stop() {
      latest?.stopping.abort();
      const last = latest?.done;
      latest = undefined;
      await last?.catch(() => undefined);
      await joining;
    },
  };
};

/** Trains in a thread of its own; undefined when it was ended for a newer training. */
const runWorker = async (job: TrainingJob, signal: AbortSignal): Promise<Uint8Array | undefined> => {
  if (signal.aborted) return undefined;
  const worker = new Worker(new URL("./classifier-worker.ts", import.meta.url), {
    workerData: job,
    name: "classifier-training",
  });
  const end = () => void worker.terminate();
  signal.addEventListener("abort", end, { once: true });
  try {
    return await new Promise((resolve, fail) => {
      let bytes: Uint8Array | undefined;
      worker.once("message", (message: Uint8Array) => {
        bytes = message;
      });
      worker.once("error", fail);
      worker.once("exit", () => resolve(bytes));
    });
  } finally {
    signal.removeEventListener("abort", end);
  }
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
