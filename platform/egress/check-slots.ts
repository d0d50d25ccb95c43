import { AppError } from "../errors/app-error.ts";
import { concealValue } from "./conceal-value.ts";
import type { EgressPermit } from "./egress.ts";

/**
 * Makes sure that slots hold no identifiers before a service that is not local gets them, neither as texts nor as numbers or
 * names of fields. Classes `sanitized` and `generalised` only; in the others it passes.
 * @throws {AppError} EGRESS_BLOCKED when a slot holds an identifier or cannot be checked.
 */
export const checkSlots = async (permit: EgressPermit, slots: Readonly<Record<string, unknown>>): Promise<void> => {
  if (permit.class !== "sanitized" && permit.class !== "generalised") return;
  const texts: string[] = [];
  concealValue(slots, (text) => {
    texts.push(text);
    return text;
  });
  await permit.prepare(texts);
  concealValue(slots, (text) => {
    if (permit.conceal(text) === text) return text;
    throw new AppError("EGRESS_BLOCKED", "The query names an identifier, so it is not sent to this source.");
  });
};
