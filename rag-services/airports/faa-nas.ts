import { XMLParser } from "fast-xml-parser";
import { z } from "zod";
import { AppError } from "../../platform/errors/app-error.ts";
import { attemptTimeoutMs, expectOk, providerUrl } from "../provider.ts";
import type { ServiceContext } from "../rag-service.ts";
import type { ServiceDeps } from "../service-list.ts";
import type { AirportDelay } from "./airport-data.ts";

const name = "FAA NAS status";
const repeated = new Set(["Delay_type", "Program", "Ground_Delay", "Delay", "Airport"]);
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  isArray: (tag) => repeated.has(tag),
  processEntities: true,
});

const text = z.string().optional();
const List = <Item extends z.ZodType>(key: string, item: Item) =>
  z.preprocess((value) => (value === "" ? undefined : value), z.object({ [key]: z.array(item) }).optional());
const Program = z.object({ ARPT: z.string(), Reason: text, End_Time: text });
const GroundDelay = z.object({ ARPT: z.string(), Reason: text, Avg: text, Max: text });
const Delay = z.object({
  ARPT: z.string(),
  Reason: text,
  Arrival_Departure: z.object({ Type: text, Min: text, Max: text }).optional(),
});
const Closure = z.object({ ARPT: z.string(), Reason: text, Reopen: text });
const Reply = z.object({
  AIRPORT_STATUS_INFORMATION: z.object({
    Update_Time: text,
    Delay_type: z
      .array(
        z.object({
          Ground_Stop_List: List("Program", Program),
          Ground_Delay_List: List("Ground_Delay", GroundDelay),
          Arrival_Departure_Delay_List: List("Delay", Delay),
          Airport_Closure_List: List("Airport", Closure),
        }),
      )
      .default([]),
  }),
});
type DelayType = z.infer<typeof Reply>["AIRPORT_STATUS_INFORMATION"]["Delay_type"][number];

const said = <Key extends string>(key: Key, value: string | undefined) =>
  value && value !== "0 minutes" ? ({ [key]: value.replace(/\.$/, "") } as Record<Key, string>) : {};

const delaysOf = (type: DelayType, iata: string): AirportDelay[] => {
  const here = <Item extends { ARPT: string }>(list: Record<string, Item[]> | undefined) =>
    Object.values(list ?? {})
      .flat()
      .filter(({ ARPT }) => ARPT.trim() === iata);
  return [
    ...here(type.Airport_Closure_List).map((item) => ({
      kind: "closure" as const,
      reason: item.Reason ?? "",
      ...said("until", item.Reopen),
    })),
    ...here(type.Ground_Stop_List).map((item) => ({
      kind: "ground_stop" as const,
      reason: item.Reason ?? "",
      ...said("until", item.End_Time),
    })),
    ...here(type.Ground_Delay_List).map((item) => ({
      kind: "ground_delay" as const,
      reason: item.Reason ?? "",
      ...said("average", item.Avg),
      ...said("most", item.Max),
    })),
    ...here(type.Arrival_Departure_Delay_List).map((item) => ({
      kind: item.Arrival_Departure?.Type === "Arrival" ? ("arrival" as const) : ("departure" as const),
      reason: item.Reason ?? "",
      ...said("least", item.Arrival_Departure?.Min),
      ...said("most", item.Arrival_Departure?.Max),
    })),
  ];
};

/** Delays, ground stops and closures at airports of the United States, from the FAA (no key). */
export const createFaaNas = ({ settings, outbound }: Pick<ServiceDeps, "settings" | "outbound">) => ({
  name,
  /** What is in force at an airport now; empty: nothing. @throws {AppError} UPSTREAM_UNAVAILABLE. */
  async delays(
    iata: string,
    { permit, signal }: ServiceContext,
  ): Promise<{ delays: AirportDelay[]; observedAt: string | undefined }> {
    const url = providerUrl(settings.FAA_NAS_URL, "api/airport-status-information");
    const headers = { accept: "application/xml" };
    const body = expectOk(
      await outbound({ provider: name, url, headers, permit, signal, timeoutMs: attemptTimeoutMs }),
      name,
    );
    try {
      const status = Reply.parse(parser.parse(body, true)).AIRPORT_STATUS_INFORMATION;
      const updated = Date.parse(status.Update_Time ?? "");
      return {
        delays: status.Delay_type.flatMap((type) => delaysOf(type, iata)),
        observedAt: Number.isNaN(updated) ? undefined : new Date(updated).toISOString(),
      };
    } catch (cause) {
      throw new AppError("UPSTREAM_UNAVAILABLE", `${name} sent something that cannot be read.`, { cause });
    }
  },
});
