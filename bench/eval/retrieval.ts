import { z } from "zod";
import type { EvalTask } from "./eval-task.ts";
import { personOf, withFreshAtlas } from "./fresh-atlas.ts";
import { createProgress } from "./progress.ts";
import { readRows } from "./read-rows.ts";

const Doc = z.object({ id: z.string(), title: z.string().default(""), text: z.string() });
const Query = z.object({
  text: z.string(),
  rels: z.record(z.string(), z.number()),
  answerable: z.boolean().optional(),
});

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const discounted = (gains: readonly number[]): number =>
  gains.slice(0, 10).reduce((sum, gain, place) => sum + gain / Math.log2(place + 2), 0);

const storeDocument = "select document_store($1::jsonb)";

/** Documents and questions as the product stores and recalls them; nDCG and recall at 10 over the answerable questions. */
const evaluateRetrieval = async ({ docs: docsFile = "", queries: queriesFile = "" }) => {
  const docs = readRows(docsFile, Doc);
  const queries = readRows(queriesFile, Query).filter(
    ({ answerable, rels }) => answerable !== false && Object.values(rels).some((gain) => gain > 0),
  );
  return withFreshAtlas(async ({ database, recall, index }) => {
    const principal = personOf("reader");
    for (const { id, title, text } of docs) {
      const document = {
        principal: principal.id,
        scope: "personal",
        source: id,
        title,
        content_hash: id,
        chunks: [{ heading_path: [], content: text }],
      };
      await database.query(storeDocument, [JSON.stringify(document)], "eval_document");
    }
    const indexedAt = performance.now();
    await index();
    const indexSeconds = (performance.now() - indexedAt) / 1_000;

    const progress = createProgress(queries.length, "retrieval");
    const ndcg: number[] = [];
    const recalled: number[] = [];
    const times: number[] = [];
    for (const { text, rels } of queries) {
      const at = performance.now();
      const found = await recall({ principal, query: text, limit: 10 });
      times.push(performance.now() - at);
      const ids = found.map(({ document }) => document?.source ?? "");
      const relevant = Object.entries(rels).filter(([, gain]) => gain > 0);
      const ideal = discounted(relevant.map(([, gain]) => gain).toSorted((left, right) => right - left));
      ndcg.push(discounted(ids.map((id) => Math.max(0, rels[id] ?? 0))) / ideal);
      recalled.push(relevant.filter(([id]) => ids.includes(id)).length / relevant.length);
      progress.step();
    }
    progress.end();
    return {
      rows: queries.length,
      metrics: { ndcg10: mean(ndcg), recall10: mean(recalled), query_ms: mean(times) },
      notes: [`${docs.length} documents indexed in ${indexSeconds.toFixed(1)} s`],
    };
  });
};

export const retrievalTask: EvalTask = {
  name: "retrieval",
  usage: "--docs FILE --queries FILE",
  summary: "Documents found for questions by recall, without any model.",
  baselines: [
    { system: "Cranfield: wink-bm25 3.1", metrics: { ndcg10: 0.364, recall10: 0.396 } },
    { system: "HeQ val: MiniSearch 7.2, fuzzy and prefix", metrics: { ndcg10: 0.902 } },
    { system: "PoQuAD half: MiniSearch 7.2", metrics: { ndcg10: 0.841 } },
  ],
  accepts: ({ docs, queries }) => docs !== undefined && queries !== undefined,
  run: evaluateRetrieval,
};
