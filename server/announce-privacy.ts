import type { Logger } from "pino";
import { publishedRecall } from "../platform/config/published-recall.ts";
import type { Settings } from "../platform/config/settings.ts";
import { findIdentifiers } from "../platform/egress/recognisers/find-identifiers.ts";
import { recognisers } from "../platform/egress/recognisers/recogniser-list.ts";

/** Compiled before the first query comes: its clock must not pay for that. */
const sample =
  "Hello, my name is Anna Kowalska, +48 601 234 567, anna@example.com. Nazywam się Jan Nowak. Мене звати Олена. שמי נועם.";
const warmUp = (): void => {
  for (let round = 0; round < 20; round += 1) findIdentifiers(sample, recognisers, Number.POSITIVE_INFINITY);
};

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** Tells the operator at start what the chosen class lets through, and loads the recognisers' tables before they are needed. */
export const announcePrivacy = (
  { ATHENA_BLOCKED_EGRESS, ATHENA_RECOGNISER }: Settings,
  logger: Pick<Logger, "warn" | "info">,
): void => {
  if (ATHENA_BLOCKED_EGRESS === "blocked") return;
  warmUp();
  if (ATHENA_BLOCKED_EGRESS === "generalised") {
    logger.info("confidential queries without a local model let intents and public values out (generalised)");
    return;
  }
  logger.warn(
    { nameRecall: publishedRecall.names, structuredRecall: publishedRecall.structured },
    `confidential queries without a local model leave with identifiers replaced (sanitized): the shipped recognisers find ${percent(publishedRecall.names)} of people's names and ${percent(publishedRecall.structured)} of structured identifiers but ${percent(publishedRecall.addresses)} of street addresses, see docs/privacy.md${ATHENA_RECOGNISER ? "; the configured recogniser looks as well" : ""}`,
  );
};
