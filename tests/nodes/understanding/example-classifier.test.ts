import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { classifyText } from "../../../nodes/understanding/classifier-model.ts";
import { createExampleClassifier } from "../../../nodes/understanding/example-classifier.ts";
import { fromBytes, toBytes } from "../../../nodes/understanding/model-file.ts";
import { trainClassifier } from "../../../nodes/understanding/train-classifier.ts";
import { leastCpuMs } from "../../support/least-cpu-ms.ts";
import { defaultExamples, silentLogger } from "./default-registry.ts";

const fruit = [
  "eat an apple",
  "eat a banana",
  "peel an orange",
  "buy ripe pears",
  "an apple a day",
  "a bowl of cherries",
];
const cars = ["drive a car", "park the car", "buy a van", "the engine is loud", "change a tyre", "fill up the tank"];
const rowsOf = (intents: Record<string, string[]>) =>
  Object.entries(intents).flatMap(([intent, texts]) => texts.map((text) => ({ intent, text })));

describe("the example classifier", () => {
  let cacheDir: string;
  const stops: (() => Promise<void>)[] = [];
  const create = (withCache = true) => {
    const classifier = createExampleClassifier({ logger: silentLogger, ...(withCache ? { cacheDir } : {}) });
    stops.push(() => classifier.stop());
    return classifier;
  };
  beforeEach(async () => {
    cacheDir = await mkdtemp(join(tmpdir(), "athena-classifier-"));
  });
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
    await rm(cacheDir, { recursive: true, force: true });
  });

  test("knows nothing before it is trained, and its subject afterwards", async () => {
    const classifier = create();
    expect(classifier.classify("eat an apple")).toEqual([]);
    await classifier.train(rowsOf({ fruit, cars }), "one");
    expect(classifier.classify("peel the apple")[0]?.intent).toBe("fruit");
    expect(classifier.classify("park the van")[0]?.intent).toBe("cars");
    expect(classifier.classify("")).toEqual([]);
  });

  test("swaps new examples in and lets the newest training win", async () => {
    const classifier = create(false);
    await classifier.train(rowsOf({ fruit, cars }), "one");
    const older = classifier.train(rowsOf({ older: fruit, cars }), "two");
    const newer = classifier.train(rowsOf({ food: fruit, cars }), "three");
    expect(classifier.classify("peel an apple")[0]?.intent).toBe("fruit");
    await Promise.all([older, newer, classifier.ready()]);
    expect(classifier.classify("peel an apple")[0]?.intent).toBe("food");
  });

  test("takes a trained model from the cache, and trains again when the file is garbage", async () => {
    await create().train(rowsOf({ fruit, cars }), "one");
    const [file] = await readdir(cacheDir);
    const again = create();
    // With no examples given, only the cache can answer.
    await again.train([], "one");
    expect(again.classify("peel an apple")[0]?.intent).toBe("fruit");
    await writeFile(join(cacheDir, file ?? ""), "garbage");
    const third = create();
    await third.train(rowsOf({ fruit, cars }), "one");
    expect(third.classify("peel an apple")[0]?.intent).toBe("fruit");
  });

  test("keeps the event loop free while it trains", async () => {
    const classifier = create(false);
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    await classifier.train(defaultExamples(), "defaults");
    clearInterval(timer);
    // Training itself takes seconds on this machine's shared cores; the loop must not notice.
    expect(longest).toBeLessThan(400);
  });
});

describe("a trained model", () => {
  const examples = defaultExamples();
  const model = trainClassifier(examples, "chat");

  test("survives being written and read", () => {
    const copy = fromBytes(toBytes(model));
    expect(copy && classifyText(copy, "will it rain in Rome")).toEqual(classifyText(model, "will it rain in Rome"));
    expect(fromBytes(toBytes(model).slice(0, -4))).toBeUndefined();
    expect(fromBytes(new Uint8Array(3))).toBeUndefined();
  });

  test("classifies in well under a millisecond, and hostile text in bounded time", async () => {
    for (let round = 0; round < 200; round += 1) classifyText(model, "what's the weather like in Kraków tomorrow");
    const started = performance.now();
    for (let round = 0; round < 200; round += 1) classifyText(model, "what's the weather like in Kraków tomorrow");
    expect((performance.now() - started) / 200).toBeLessThan(1);
    const hostile = () => {
      for (const text of ["a".repeat(100_000), "a ".repeat(50_000), "ż́".repeat(50_000)]) classifyText(model, text);
    };
    expect(await leastCpuMs(hostile)).toBeLessThan(150);
  });

  test("gets most examples right that it was not shown, and mostly rejects what nothing answers", () => {
    const folds = 4;
    const counts = { right: 0, all: 0, wronglyAnswered: 0, rejectable: 0 };
    for (let fold = 0; fold < folds; fold += 1) {
      const trained = trainClassifier(
        examples.filter((_, index) => index % folds !== fold),
        "chat",
      );
      for (const { intent, text } of examples.filter((_, index) => index % folds === fold)) {
        const [best] = classifyText(trained, text);
        const answered = best && best.intent !== "chat" && best.confidence >= 0.5 ? best.intent : "chat";
        if (intent === "chat") {
          counts.rejectable += 1;
          if (answered !== "chat") counts.wronglyAnswered += 1;
        } else {
          counts.all += 1;
          if (best?.intent === intent) counts.right += 1;
        }
      }
    }
    // Few, deliberately varied examples of 23 intents in four languages: the patterns carry the usual wordings.
    expect(counts.right / counts.all).toBeGreaterThan(0.72);
    expect(counts.wronglyAnswered / counts.rejectable).toBeLessThan(0.12);
  }, 60_000);
});
