import { aspect, aspectRecogniserOf } from "./recognise-aspect.ts";
import type { SlotRecogniser } from "./slot-recogniser.ts";

const jobId = /(?<![\p{L}\p{N}-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\p{L}\p{N}-])/iu;
const longestText = 1_000;

const findId = (text: string): string | undefined => jobId.exec(text.slice(0, longestText))?.[0].toLowerCase();

/** A long job by its id. */
export const jobIdRecogniser: SlotRecogniser = { whole: findId, find: findId };

/** Which of the shipped crews a job is spoken of by: "my report", "badanie". */
export const jobCrewRecogniser = aspectRecogniserOf([
  aspect("deep-research", "research|investigat|badan|analiz|дослідж|מחקר"),
  aspect("report", "report|raport|sprawozdan|звіт|דוח"),
  aspect("triage", "triage|incident|incydent|інцидент|תקרית"),
  aspect("answer", "answer|odpowied|відповід|תשוב|מענה"),
]);
