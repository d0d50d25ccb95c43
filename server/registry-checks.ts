import { readChainRules } from "../nodes/understanding/link-parts.ts";
import { checkPattern } from "../nodes/understanding/pattern-matcher.ts";
import { compileSegmenter } from "../nodes/understanding/segment-text.ts";
import { slotRecognisers } from "../nodes/understanding/slot-recognisers.ts";
import { compileRules } from "../nodes/validation/rules.ts";
import type { RegistryChecks } from "../platform/config/check-registry.ts";
import { readCrew } from "../workflows/crews/read-crew.ts";
import { crewPartsOf } from "./crews/crew-names.ts";

/** How the nodes that use registry rows judge one: by compiling it as they do when it is in force. */
export const registryChecks: RegistryChecks = {
  recognisers: new Set(slotRecognisers.keys()),
  pattern: checkPattern,
  multiIntentRule(row) {
    compileSegmenter([row]);
    readChainRules([row]);
  },
  validationRule(row) {
    compileRules([row]);
  },
  crew(row, { models, services }) {
    readCrew(row, crewPartsOf({ tools: services, aliases: models }));
  },
};
