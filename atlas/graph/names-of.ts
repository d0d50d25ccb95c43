import ipaddr from "ipaddr.js";
import { isUuid } from "../uuid.ts";
import { type EntityType, entityTypes, normaliseName } from "./entity.ts";
import { personKey } from "./rules/find-people.ts";
import type { Places } from "./rules/find-places.ts";

/** What is looked up in the graph: a node by its id, or whatever bears one of the names. */
export interface LookUp {
  readonly id: string | null;
  readonly type: EntityType | null;
  readonly names: readonly string[];
}

/** The names under which the rules may have kept what somebody writes: as it is, a person's base form, a place's main name. */
export const namesOf = (written: string, places?: Pick<Places, "resolve">): string[] => {
  const text = written.trim().replace(/^[@#]/, "");
  const place = places?.resolve(text, "en")?.place.name;
  const address = ipaddr.isValid(text) ? ipaddr.parse(text) : undefined;
  return [
    ...new Set([
      normaliseName(text),
      personKey(text),
      ...(place === undefined ? [] : [normaliseName(place)]),
      ...(address?.kind() === "ipv6" ? [(address as ipaddr.IPv6).toRFC5952String()] : []),
    ]),
  ].filter((name) => name !== "");
};

/** Reads `db-7`, `host:db-7`, `topic:Project/Cluster` or the id of an entity or message. */
export const toLookUp = (asked: string, places?: Pick<Places, "resolve">): LookUp => {
  const text = asked.trim();
  if (isUuid(text)) return { id: text.toLowerCase(), type: null, names: [] };
  const type = entityTypes.find((known) => text.startsWith(`${known}:`)) ?? null;
  return { id: null, type, names: namesOf(type === null ? text : text.slice(type.length + 1), places) };
};
