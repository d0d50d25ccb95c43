import { setImmediate as nextTurn } from "node:timers/promises";
import { createScreen } from "../nodes/untrusted/create-screen.ts";
import { createPermit } from "../platform/egress/create-permit.ts";
import { createJudge } from "./eval/grounding.ts";

const length = 100_000;
const fill = (piece: string): string => piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
const counted = (piece: (index: number) => string): string => {
  let text = "";
  for (let index = 0; text.length < length; index += 1) text += piece(index);
  return text.slice(0, length);
};

/** Texts of 100,000 characters: plain ones, and ones made to be dear for whoever looks through them. */
export const longTexts: Readonly<Record<string, string>> = {
  prose: fill("The river rises in the hills behind the town and reaches the sea at Gdynia in the evening. "),
  "prose in Hebrew": fill("הנהר יוצא מן ההרים שמאחורי העיר ומגיע אל הים בערב. "),
  "names in capitals": fill("Anna Kowalska Jan Nowak Maria Wiśniewska Piotr Wójcik "),
  digits: fill("4"),
  "digits in groups": counted((index) => `${(index * 7919) % 9973} `),
  "telephone numbers": counted(
    (index) => `+48 22 ${100 + (index % 900)} ${10 + (index % 90)} ${10 + ((index * 7) % 90)}, `,
  ),
  "dates and times": counted(
    (index) => `2026-0${1 + (index % 9)}-1${index % 10} 1${index % 10}:3${index % 10} ${index % 40},${index % 10} °C; `,
  ),
  "lines of one letter": fill("a\n"),
  "short questions": fill("Why? "),
  "one line without spaces": fill("x"),
  "at signs": fill("a@"),
  "dots and dashes": fill(".-"),
  "brackets and quotation marks": fill('("„'),
  braces: fill('{"a":['),
};

export interface LongTextFigures {
  readonly text: string;
  /** Milliseconds of the slowest of three runs after one to warm up; `gateRefused`: the gate gave up in its time and lets nothing out. */
  readonly gateMs: number;
  readonly gateRefused: boolean;
  readonly screenMs: number;
  readonly validatorMs: number;
  /** Longest time in which the validator let nothing else run. */
  readonly validatorBlocksMs: number;
}

/** Does the work and gives the longest time that the event loop stood still meanwhile. */
const longestBlock = async (work: () => Promise<unknown>): Promise<number> => {
  let longest = 0;
  let last = performance.now();
  let isOver = false;
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isOver) setImmediate(look);
  };
  setImmediate(look);
  await nextTurn();
  await work();
  isOver = true;
  await nextTurn();
  return longest;
};

const slowest = async (work: () => unknown): Promise<number> => {
  await work();
  let most = 0;
  for (let run = 0; run < 3; run += 1) {
    const started = performance.now();
    await work();
    most = Math.max(most, performance.now() - started);
  }
  return most;
};

/** How long privacy gate, screen of untrusted texts and validator take for 100,000 characters. */
export const benchLongTexts = async (): Promise<LongTextFigures[]> => {
  const judge = createJudge();
  const figures: LongTextFigures[] = [];
  for (const [name, text] of Object.entries(longTexts)) {
    let gateRefused = false;
    const gateMs = await slowest(() => {
      try {
        createPermit({ class: "sanitized", confidential: false }).conceal(text);
      } catch {
        gateRefused = true;
      }
    });
    const screenMs = await slowest(() =>
      createScreen({ question: "What is new?", toolNames: ["send_email"] }).text(text, "web"),
    );
    const row = {
      locale: "en-GB",
      timezone: "Europe/Warsaw",
      now: "2026-11-21T12:00:00Z",
      question: "What is new?",
      evidence: [
        {
          id: "e1",
          service: "web",
          title: "News",
          text: "It is 7 °C in Leeds.",
          data: { temperatureC: 7 },
          sourceName: "News",
          observedAt: "2026-11-21T12:00:00Z",
          score: 1,
        },
      ],
      actions: [],
      answer: text,
      label: "true" as const,
      kind: "long",
    };
    const validatorMs = await slowest(() => judge(row));
    const validatorBlocksMs = await longestBlock(() => judge(row));
    figures.push({ text: name, gateMs, gateRefused, screenMs, validatorMs, validatorBlocksMs });
  }
  return figures;
};
