import type { CrewRow } from "../../platform/config/registry.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { type CrewParts, checkCrew } from "./check-crew.ts";
import type { Crew } from "./crew.ts";
import { crewSchema } from "./crew-schema.ts";

/**
 * The crew of a registry row.
 * @throws {AppError} INVALID_INPUT naming what is wrong in it, and the field.
 */
export const readCrew = ({ enabled: _, manager, result, ...row }: CrewRow, parts: CrewParts): Crew => {
  const parsed = crewSchema.safeParse({
    ...row,
    ...(manager === null ? {} : { manager }),
    ...(result === null ? {} : { result }),
  });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue?.path.join(".") ?? "";
    const where = field === "" ? "" : `${field}: `;
    throw new AppError("INVALID_INPUT", `The crew '${row.id}' cannot be read: ${where}${issue?.message ?? ""}`, {
      field,
    });
  }
  checkCrew(parsed.data, parts);
  return parsed.data;
};
