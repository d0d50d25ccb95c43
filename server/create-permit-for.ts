import type { PeopleDirectory } from "../atlas/people-directory.ts";
import type { Settings } from "../platform/config/settings.ts";
import { createPermit, type ReceiptingPermit } from "../platform/egress/create-permit.ts";
import { decideEgress } from "../platform/egress/decide-egress.ts";
import type { Mode } from "../platform/egress/egress-class.ts";
import { createLocalRecogniser } from "../platform/egress/local-recogniser.ts";
import type { ModelGateway } from "../platform/models/model-gateway.ts";

export interface PermitForDeps {
  readonly settings: Pick<
    Settings,
    "ATHENA_BLOCKED_EGRESS" | "ATHENA_RECOGNISER" | "ATHENA_RECOGNISER_LANGUAGES" | "ATHENA_RECOGNISER_TIMEOUT_SECONDS"
  >;
  readonly models: Pick<ModelGateway, "configured" | "answerModelLocal">;
  readonly people: Pick<PeopleDirectory, "recogniserFor">;
}

/**
 * Decides what one query may let out, and notes each line of its receipt in `receipt`. A mode that got lost on the way counts
 * as confidential. With the principal's id, the people of its directory are known.
 */
export type PermitFor = (
  mode: Mode | undefined,
  consent: boolean,
  receipt?: object[],
  principal?: string,
) => ReceiptingPermit;

/** @throws {AppError} CONFIG_INVALID when the recogniser's address could be a public one. */
export const createPermitFor = ({ settings, models, people }: PermitForDeps): PermitFor => {
  const url = settings.ATHENA_RECOGNISER;
  const localRecogniser =
    url === undefined
      ? undefined
      : createLocalRecogniser({
          url,
          languages: settings.ATHENA_RECOGNISER_LANGUAGES,
          timeoutMs: settings.ATHENA_RECOGNISER_TIMEOUT_SECONDS * 1_000,
        });
  return (mode, consent, receipt, principal) =>
    createPermit({
      class: decideEgress({
        mode,
        consent,
        localModel: models.configured && models.answerModelLocal,
        blockedEgress: settings.ATHENA_BLOCKED_EGRESS,
      }),
      confidential: mode !== "open",
      ...(receipt ? { receipt: (line) => void receipt.push(line) } : {}),
      ...(principal === undefined ? {} : { directory: () => people.recogniserFor(principal) }),
      ...(localRecogniser ? { localRecogniser } : {}),
    });
};
