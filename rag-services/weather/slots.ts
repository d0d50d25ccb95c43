import { z } from "zod";

const day = z.iso.date().or(z.iso.datetime({ offset: true, local: true }));

export const WeatherSlots = z.object({
  place: z
    .string()
    .trim()
    .min(1)
    .max(120)
    .optional()
    .describe("City or town as written, e.g. 'Kraków' or 'w Krakowie'"),
  date: day.optional().describe("First day; default: now and today"),
  dateTo: day.optional().describe("Last day; default: the first"),
});
export type WeatherSlots = z.infer<typeof WeatherSlots>;
