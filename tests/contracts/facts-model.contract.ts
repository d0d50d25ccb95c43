import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { createThreadChanges } from "../../atlas/create-thread-changes.ts";
import { createTimeline } from "../../atlas/create-timeline.ts";
import { createFacts } from "../../atlas/facts/create-facts.ts";
import { createFactsFollower } from "../../atlas/facts/follow-facts.ts";
import { createAskModel } from "../../atlas/facts/model/ask-model.ts";
import { createFactsModelFollower } from "../../atlas/facts/model/follow-with-model.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import type { Database } from "../../platform/db/database.ts";
import type { Mode } from "../../platform/egress/egress-class.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { createMetrics } from "../../platform/metrics/metrics.ts";
import type { ChatRequest, ModelGateway } from "../../platform/models/model-gateway.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import { permitOf } from "../support/permit.ts";
import { somebody } from "../support/timeline-samples.ts";

interface FoundFact {
  readonly sentence: string;
  readonly subject: string;
  readonly attribute: string;
  readonly value: string;
  readonly single: boolean;
}

/** Facts that a model finds, on whatever database. */
export const factsModelContract = (databaseOf: () => Database, masterKeyOf: () => MasterKey): void => {
  const partsOf = () => {
    const database = databaseOf();
    const cipher = createThreadCipher({ masterKey: masterKeyOf() });
    const timeline = createTimeline({ database, cipher });
    const changes = createThreadChanges({ database, cipher });
    const facts = createFacts({ database });
    const followed = { database, rule: "scoped", logger: pino({ level: "silent" }) } as const;
    const say = (principal: Principal, texts: readonly string[], mode: Mode = "open") =>
      timeline.open({
        principal,
        mode,
        messages: texts.map((content) => ({ role: "user", author: principal.id, content })),
      });
    /** A model that answers by the words of a turn; other tests' turns find nothing. */
    const modelOf = (answers: Readonly<Record<string, readonly FoundFact[]>>, principal: Principal) => {
      const questions: string[][] = [];
      const metrics = createMetrics();
      const state = { isDown: false, reply: undefined as string | undefined, meanwhile: async () => {} };
      const models: Pick<ModelGateway, "stream"> = {
        async *stream({ messages }: ChatRequest) {
          await state.meanwhile();
          if (state.isDown) throw new AppError("PROVIDER_OVERLOADED", "The model is busy.");
          const asked: { n: number; text: string }[] = JSON.parse(String(messages.at(-1)?.content));
          questions.push(asked.map(({ text }) => text));
          const items = asked.map(({ n, text }) => ({ n, facts: answers[text] ?? [] }));
          yield { type: "text", text: state.reply ?? JSON.stringify({ items }) };
        },
      };
      const ask = createAskModel({ models, model: "any/model", permitFor: () => permitOf("full"), metrics });
      const follower = createFactsModelFollower({
        ...followed,
        askModel: async (turns, who, signal) => (who === principal.id ? ask(turns, who, signal) : new Map()),
      });
      return { follow: () => follower.catchUp(), questions, metrics, state };
    };
    const sentences = async (principal: Principal) =>
      (await facts.list(principal, { limit: 50 })).facts.map(({ sentence }) => sentence).toSorted();
    return { facts, changes, say, modelOf, sentences, followRules: () => createFactsFollower(followed).catchUp() };
  };
  const tuesdays = "The choir of mine meets on Tuesdays.";
  const found: FoundFact = {
    sentence: "choir of mine meets on Tuesdays",
    subject: "choir",
    attribute: "meets",
    value: "Tuesdays",
    single: true,
  };

  describe("facts that a model finds", () => {
    test("come of several turns in one question, beside those of the rules, each once", async () => {
      const { say, modelOf, sentences, followRules } = partsOf();
      const ada = somebody();
      const rome = { sentence: "I live in Rome", subject: "self", attribute: "home", value: "Rome", single: true };
      const { follow, questions, metrics } = modelOf({ [tuesdays]: [found], "I live in Rome.": [rome] }, ada);
      await follow(); // what other tests said: these turns shall not be cut by a batch's end
      await say(ada, [tuesdays, "I live in Rome.", "What is the capital of Peru?"]);
      await followRules();
      await follow();
      await follow();
      expect(questions).toEqual([[tuesdays, "I live in Rome.", "What is the capital of Peru?"]]);
      expect(await sentences(ada)).toEqual(["I live in Rome", "choir of mine meets on Tuesdays"]);
      expect((await metrics.factModelCalls.get()).values).toMatchObject([{ value: 1, labels: { outcome: "used" } }]);
    });

    test("are never the model's own claims, nor from what the person quotes", async () => {
      const { say, modelOf, sentences } = partsOf();
      const ada = somebody();
      const quoting = `${tuesdays}\n> I live in Rome and have a cat`;
      await say(ada, [quoting]);
      const claim = (sentence: string, value: string) => ({ ...found, sentence, value });
      const answer = [
        claim("Ada sings alto", "alto"),
        claim("I live in Rome", "Rome"),
        claim(found.sentence, "Fridays"),
      ];
      const { follow } = modelOf({ [quoting]: answer }, ada);
      await follow();
      expect(await sentences(ada)).toEqual([]);
    });

    test("wait while the model is away, and hold up nothing; an answer of no use finds nothing", async () => {
      const { say, modelOf, sentences, followRules } = partsOf();
      const ada = somebody();
      await say(ada, [tuesdays, "I live in Rome."]);
      const { follow, state, metrics } = modelOf({ [tuesdays]: [found] }, ada);
      state.isDown = true;
      await expect(follow()).rejects.toMatchObject({ code: "PROVIDER_OVERLOADED" });
      await followRules();
      expect(await sentences(ada)).toEqual(["I live in Rome"]);
      state.isDown = false;
      await follow();
      expect(await sentences(ada)).toEqual(["I live in Rome", "choir of mine meets on Tuesdays"]);
      state.reply = "I cannot do that.";
      await say(ada, ["My other choir meets somewhere else."]);
      await follow();
      expect((await metrics.factModelCalls.get()).values.map(({ labels }) => labels.outcome).toSorted()).toEqual([
        "failed",
        "unusable",
        "used",
      ]);
    });

    test("say what a sentence is about that the rules could not tell; what was erased stays so", async () => {
      const { say, modelOf, facts, sentences, followRules } = partsOf();
      const ada = somebody();
      const kept = "Remember that the boiler hums at night";
      await say(ada, [kept]);
      await followRules();
      const about = {
        sentence: "the boiler hums at night",
        subject: "Boiler",
        attribute: "sound",
        value: "hums",
        single: false,
      };
      await modelOf({ [kept]: [about] }, ada).follow();
      const [fact] = (await facts.list(ada, { limit: 5 })).facts;
      expect(fact).toMatchObject({ sentence: "the boiler hums at night", subject: "boiler", attribute: "sound" });
      await facts.remove(ada, fact!.id);
      await databaseOf().query("delete from follower_cursors where follower = 'facts-model'");
      await modelOf({ [kept]: [about] }, ada).follow();
      expect(await sentences(ada)).toEqual([]);
    });

    test("leave with their message, edited or deleted, also while the model answers", async () => {
      const { changes, say, modelOf, sentences, followRules } = partsOf();
      const ada = somebody();
      const { thread, messages } = await say(ada, [tuesdays, `${tuesdays} Always.`]);
      const [first, second] = messages.map(({ id }) => ({ principal: ada, threadId: thread.id, messageId: id }));
      const { follow, state } = modelOf({ [tuesdays]: [found], [`${tuesdays} Always.`]: [found] }, ada);
      state.meanwhile = async () => {
        await changes.remove(second!);
        await followRules();
        state.meanwhile = async () => {};
      };
      await follow();
      expect(await sentences(ada)).toEqual(["choir of mine meets on Tuesdays"]);
      await changes.edit({ ...first!, content: "Nothing of that kind." });
      await follow();
      expect(await sentences(ada)).toEqual([]);
    });

    test("never of a confidential thread: the model is not shown it", async () => {
      const { say, modelOf } = partsOf();
      const ada = somebody();
      await say(ada, [tuesdays], "confidential");
      const { follow, questions } = modelOf({ [tuesdays]: [found] }, ada);
      await follow();
      expect(questions).toEqual([]);
    });
  });
};
