import { detectLocale } from "../../language/detect-locale.ts";
import { hebrewNames } from "./names/hebrew-names.ts";
import { isPlain, judgeRun } from "./names/judge-run.ts";
import { lowerCaseNames } from "./names/lower-case-names.ts";
import { cueAround } from "./names/name-cues.ts";
import { nameRuns } from "./names/name-runs.ts";
import { createWordReader } from "./names/name-word.ts";
import { loadWordTable } from "./names/word-table.ts";
import type { Recogniser, Span } from "./span.ts";

const otherLocales: ReadonlySet<string> = new Set(["pl", "uk", "he"]);

/** The assistant that is spoken to is nobody's secret, and its name stands in every prompt of ours. */
const isOurs = (name: string): boolean => /^athena$/i.test(name);

/** Run once before any clock starts: compiling these patterns takes longer than reading a short text. */
const sample = "Dear Anna Kowalska, мене звати Олена, שמי נועם כהן.\nanna";
const warm = { up: false };

/**
 * Names of people by lists, titles, words that announce one, and by how they are written. It misses some and takes some
 * brands for people: the measured figures are in docs/privacy.md.
 */
export const personName: Recogniser = {
  name: "person-name",
  prepare() {
    loadWordTable();
    if (warm.up) return;
    warm.up = true;
    for (const _ of personName.find(sample, () => undefined));
  },
  *find(text, check): Generator<Span> {
    const table = loadWordTable();
    const read = createWordReader(table);
    // Found out only where a run of capitals needs it.
    let language: { table: typeof table; isEnglish: boolean } | undefined;
    for (const run of nameRuns(text, read, check)) {
      const { words } = run;
      const [first] = words;
      const last = words.at(-1);
      if (!first || !last) continue;
      if (words.every(isPlain)) continue;
      language ??= { table, isEnglish: !otherLocales.has(detectLocale(text) ?? "") };
      const cue = cueAround(text, first.start, last.end);
      for (const [from, to] of judgeRun(run, cue, language)) {
        const start = words[from]?.start;
        const end = words[to - 1]?.end;
        if (start === undefined || end === undefined || isOurs(text.slice(start, end))) continue;
        yield { start, end, kind: "PERSON" };
      }
    }
    for (const span of lowerCaseNames(text, table, read, check)) {
      if (!isOurs(text.slice(span.start, span.end))) yield span;
    }
    yield* hebrewNames(text, table, check);
  },
};
