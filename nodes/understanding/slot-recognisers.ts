import { findAnyDates } from "./slots/find-english-dates.ts";
import { airportRecogniser, flightRecogniser } from "./slots/recognise-airport.ts";
import {
  airportAspectRecogniser,
  sportsAspectRecogniser,
  streamingAspectRecogniser,
} from "./slots/recognise-aspect.ts";
import { companyRecogniser, tickerRecogniser } from "./slots/recognise-company.ts";
import {
  conversionFromRecogniser,
  conversionToRecogniser,
  conversionValueRecogniser,
} from "./slots/recognise-conversion.ts";
import { expressionRecogniser } from "./slots/recognise-expression.ts";
import { jobCrewRecogniser, jobIdRecogniser } from "./slots/recognise-job.ts";
import { leagueRecogniser } from "./slots/recognise-league.ts";
import {
  frequencyRecogniser,
  hostRecogniser,
  metricRecogniser,
  operationRecogniser,
  serviceRecogniser,
  subjectRecogniser,
  ticketActionRecogniser,
  ticketRecogniser,
  ticketTextRecogniser,
} from "./slots/recognise-operations.ts";
import { periodRecogniser } from "./slots/recognise-period.ts";
import {
  eventQueryRecogniser,
  queryRecogniser,
  teamRecogniser,
  titleRecogniser,
  topicRecogniser,
  wholeTextRecogniser,
} from "./slots/recognise-phrase.ts";
import { placeRecogniser } from "./slots/recognise-place.ts";
import type { SlotContext, SlotRecogniser } from "./slots/slot-recogniser.ts";

const dateRecogniser = (name: "date" | "dateTo"): SlotRecogniser => {
  const find = (text: string, context: SlotContext) => findAnyDates(text, context)?.[name];
  return { whole: find, find };
};

/** The recognisers that `slots` of an intent's row may name. */
export const slotRecognisers: ReadonlyMap<string, SlotRecogniser> = new Map([
  ["place", placeRecogniser],
  ["date", dateRecogniser("date")],
  ["date_to", dateRecogniser("dateTo")],
  ["airport", airportRecogniser],
  ["airport_aspect", airportAspectRecogniser],
  ["flight", flightRecogniser],
  ["team", teamRecogniser],
  ["league", leagueRecogniser],
  ["sports_aspect", sportsAspectRecogniser],
  ["event_query", eventQueryRecogniser],
  ["title", titleRecogniser],
  ["streaming_aspect", streamingAspectRecogniser],
  ["topic", topicRecogniser],
  ["ticker", tickerRecogniser],
  ["company", companyRecogniser],
  ["query", queryRecogniser],
  ["expression", expressionRecogniser],
  ["conversion_value", conversionValueRecogniser],
  ["conversion_from", conversionFromRecogniser],
  ["conversion_to", conversionToRecogniser],
  ["text", wholeTextRecogniser],
  ["host", hostRecogniser],
  ["service", serviceRecogniser],
  ["metric", metricRecogniser],
  ["operation", operationRecogniser],
  ["ticket", ticketRecogniser],
  ["ticket_action", ticketActionRecogniser],
  ["ticket_text", ticketTextRecogniser],
  ["subject", subjectRecogniser],
  ["frequency", frequencyRecogniser],
  ["period", periodRecogniser],
  ["job_id", jobIdRecogniser],
  ["job_crew", jobCrewRecogniser],
]);
