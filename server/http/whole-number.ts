import { z } from "zod";

/** A whole number of a query string, within bounds; in the API's description an integer. */
export const wholeNumber = (least: number, most: number, description: string) =>
  z
    .string()
    .regex(/^-?\d{1,15}$/, "expected a whole number")
    .transform(Number)
    .pipe(z.int().min(least).max(most))
    .optional()
    .meta({ description, override: { type: "integer" } });
