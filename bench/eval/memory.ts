import { z } from "zod";
import type { EvalTask } from "./eval-task.ts";
import { personOf, withFreshAtlas } from "./fresh-atlas.ts";
import { createProgress } from "./progress.ts";
import { readRows } from "./read-rows.ts";

const Conversation = z.object({
  id: z.string(),
  chats: z.array(
    z.object({
      n: z.number(),
      date: z.string(),
      turns: z.array(z.object({ id: z.string(), who: z.string(), text: z.string(), image: z.string().optional() })),
    }),
  ),
  questions: z.array(z.object({ q: z.string(), kind: z.string().default(""), evidence: z.array(z.string()) })),
});

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** "1:56 pm on 8 May, 2023" in UTC; undefined when it is no such date. */
const readDate = (text: string): string | undefined => {
  const [, hour, minute, half, day] = /^(\d+):(\d+) ?([ap]m) on (.+)$/i.exec(text) ?? [];
  const midnight = Date.parse(`${day ?? text} UTC`);
  if (Number.isNaN(midnight)) return undefined;
  const hours = hour === undefined ? 0 : (Number(hour) % 12) + (half?.toLowerCase() === "pm" ? 12 : 0);
  return new Date(midnight + (hours * 60 + Number(minute ?? 0)) * 60_000).toISOString();
};

/** Long conversations kept as threads of one person each; share of a question's evidence among the first 10 and 50 turns found. */
const evaluateMemory = async ({ test = "" }: { readonly test?: string }) => {
  const conversations = readRows(test, Conversation);
  const asked = conversations.reduce((sum, { questions }) => sum + questions.length, 0);
  return withFreshAtlas(async ({ timeline, recall, index }) => {
    const progress = createProgress(asked, "memory");
    const at10: number[] = [];
    const at50: number[] = [];
    const kinds = new Map<string, { at10: number[]; at50: number[] }>();
    const times: number[] = [];
    for (const { id, chats, questions } of conversations) {
      const principal = personOf(id);
      const turnOf = new Map<string, string>();
      for (const { date, turns } of chats) {
        const createdAt = readDate(date);
        const { messages } = await timeline.open({
          principal,
          mode: "open",
          messages: turns.map(({ who, text, image }) => ({
            role: "user",
            author: who,
            content: image === undefined ? text : `${text}\n[${image}]`,
            ...(createdAt === undefined ? {} : { createdAt }),
          })),
        });
        messages.forEach((message, place) => {
          turnOf.set(message.id, turns[place]?.id ?? "");
        });
      }
      await index();
      const known = new Set(turnOf.values());
      for (const { q, kind, evidence } of questions) {
        const wanted = new Set(evidence.filter((turn) => known.has(turn)));
        if (wanted.size === 0) continue;
        const at = performance.now();
        const found = await recall({ principal, query: q, limit: 50, neighbours: true });
        times.push(performance.now() - at);
        const turns = found.map(({ messageId }) => turnOf.get(messageId) ?? "");
        const shareIn = (count: number) =>
          turns.slice(0, count).filter((turn) => wanted.has(turn)).length / wanted.size;
        at10.push(shareIn(10));
        at50.push(shareIn(50));
        const ofKind = kinds.get(kind) ?? { at10: [], at50: [] };
        ofKind.at10.push(shareIn(10));
        ofKind.at50.push(shareIn(50));
        kinds.set(kind, ofKind);
        progress.step();
      }
    }
    progress.end();
    return {
      rows: at10.length,
      metrics: { recall10: mean(at10), recall50: mean(at50) },
      notes: [
        ...[...kinds].map(
          ([kind, found]) => `${kind}: ${mean(found.at10).toFixed(3)} at 10, ${mean(found.at50).toFixed(3)} at 50`,
        ),
        `${mean(times).toFixed(1)} ms a question`,
      ],
    };
  });
};

export const memoryTask: EvalTask = {
  name: "memory",
  usage: "--test FILE",
  summary: "Turns of long conversations that answer a question, found by recall without any model.",
  baselines: [
    { system: "LoCoMo half: MiniSearch 7.2, stemmed", metrics: { recall10: 0.641, recall50: 0.768 } },
    { system: "LoCoMo, all ten: DRAGON (Maharana et al. 2024)", metrics: { recall10: 0.662, recall50: 0.827 } },
  ],
  accepts: ({ test }) => test !== undefined,
  run: evaluateMemory,
};
