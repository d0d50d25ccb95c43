import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { z } from "zod";
import { createFacts } from "../../atlas/facts/create-facts.ts";
import { createFactsFollower } from "../../atlas/facts/follow-facts.ts";
import type { EvalOptions, EvalTask } from "./eval-task.ts";
import { personOf, withFreshAtlas } from "./fresh-atlas.ts";
import { createProgress } from "./progress.ts";
import { readRows } from "./read-rows.ts";

const Row = z.object({
  text: z.string(),
  /** A piece of each sentence that is to be kept; absent: not labelled. */
  facts: z.array(z.string()).optional(),
  part: z.enum(["open", "second"]).default("open"),
  /** The same in other words, or as it might be said again. */
  again: z.string().optional(),
});

const folder = new URL("../facts/", import.meta.url);
const shipped = (): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .map((name) => fileURLToPath(new URL(name, folder)));

const createTally = () => ({ wanted: 0, kept: 0, right: 0, turns: 0, withFacts: 0, again: 0, added: 0 });

const measuresOf = ({ wanted, kept, right }: ReturnType<typeof createTally>) => ({
  precision: right / kept,
  recall: right / wanted,
});

/** Every turn said by a person of its own, through the product's timeline, follower and tables; then said again. */
const evaluateFacts = async ({ test }: EvalOptions) => {
  const rows = (test === undefined ? shipped() : [test]).flatMap((file) =>
    readRows(file, Row).map((row) => ({ ...row, file: basename(file, ".jsonl") })),
  );
  const progress = createProgress(2 * rows.length, "facts");
  const tallies = new Map<string, ReturnType<typeof createTally>>();
  const notes: string[] = [];
  const tallyOf = (name: string) => {
    const tally = tallies.get(name) ?? createTally();
    tallies.set(name, tally);
    return tally;
  };
  await withFreshAtlas(async ({ database, timeline }) => {
    const facts = createFacts({ database });
    const follower = createFactsFollower({ database, rule: "scoped", logger: pino({ level: "silent" }) });
    const say = async (place: number, content: string): Promise<void> => {
      const principal = personOf(`${place}`);
      await timeline.open({ principal, mode: "open", messages: [{ role: "user", author: principal.id, content }] });
      progress.step();
    };
    const kept = async (place: number) => (await facts.list(personOf(`${place}`), { limit: 100 })).facts;
    for (const [place, { text }] of rows.entries()) await say(place, text);
    await follower.catchUp();
    const before: number[] = [];
    for (const [place, { text, facts: wanted, part, file }] of rows.entries()) {
      const sentences = (await kept(place)).map(({ sentence }) => sentence);
      before.push(sentences.length);
      const missed = (wanted ?? []).filter((piece) => {
        const found = sentences.findIndex((sentence) => sentence.includes(piece));
        if (found >= 0) sentences.splice(found, 1);
        return found < 0;
      });
      for (const name of wanted === undefined ? ["all"] : ["all", part, `${part} ${file}`]) {
        const tally = tallyOf(name);
        tally.turns += 1;
        tally.withFacts += Number(before[place]! > 0);
        tally.wanted += wanted?.length ?? 0;
        tally.kept += before[place]!;
        tally.right += (wanted?.length ?? 0) - missed.length;
      }
      if (wanted === undefined) continue;
      for (const piece of missed) notes.push(`missed “${piece}” in ${JSON.stringify(text)}`);
      for (const sentence of sentences) notes.push(`junk: “${sentence}” of ${JSON.stringify(text)}`);
    }
    for (const [place, { text, again }] of rows.entries()) await say(place, again ?? text);
    await follower.catchUp();
    for (const place of rows.keys()) {
      const tally = tallyOf("all");
      tally.again += before[place]!;
      tally.added += Math.max(0, (await kept(place)).length - before[place]!);
    }
  });
  progress.end();
  const all = tallyOf("all");
  const labelled = all.wanted > 0;
  const [open, second] = [measuresOf(tallyOf("open")), measuresOf(tallyOf("second"))];
  for (const [name, tally] of [...tallies].filter(([name]) => name.includes(" "))) {
    const { precision, recall } = measuresOf(tally);
    notes.push(`${name}: precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)} of ${tally.wanted}`);
  }
  return {
    rows: rows.length,
    metrics: {
      precision: labelled ? open.precision : Number.NaN,
      recall: labelled ? open.recall : Number.NaN,
      second_precision: labelled ? second.precision : Number.NaN,
      second_recall: labelled ? second.recall : Number.NaN,
      junk: labelled ? 1 - all.right / all.kept : Number.NaN,
      duplicates: all.again > 0 ? all.added / all.again : 0,
      turns_with_facts: all.withFacts / all.turns,
    },
    notes,
  };
};

export const factsTask: EvalTask = {
  name: "facts",
  usage: "[--test FILE]",
  summary:
    "Facts kept of people's turns without a model: precision, recall, junk, duplicates; without --test on the shipped sample.",
  baselines: [],
  accepts: () => true,
  run: evaluateFacts,
};
