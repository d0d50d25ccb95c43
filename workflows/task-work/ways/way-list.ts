import { askQuestions } from "./ask-questions.ts";
import { callToolsInOrder } from "./call-tools-in-order.ts";
import { combineResults } from "./combine-results.ts";
import { createGatherExtracts } from "./gather-extracts.ts";
import { tellFigures, tellTimeline, writePeriodReport } from "./tell-activity.ts";
import { carryOutProposal, checkIncident, proposeAction } from "./triage.ts";
import type { Way } from "./way.ts";
import { writeCritique } from "./write-critique.ts";
import { writeReport } from "./write-report.ts";
import { writeSections } from "./write-sections.ts";

/** Ways of doing a task without a model, by the name that `without_model` gives. */
export const ways: ReadonlyMap<string, Way> = new Map([
  ["questions", askQuestions],
  ["recall_extracts", createGatherExtracts("recall_memory")],
  ["search_extracts", createGatherExtracts("search")],
  ["sections", writeSections],
  ["critique", writeCritique],
  ["report", writeReport],
  ["figures", tellFigures],
  ["timeline", tellTimeline],
  ["period_report", writePeriodReport],
  ["checks", checkIncident],
  ["proposal", proposeAction],
  ["action", carryOutProposal],
  ["combine", combineResults],
  ["call_tools", callToolsInOrder],
]);
