import { createHash } from "node:crypto";
import { storableText } from "../../platform/db/storable.ts";
import { foldText } from "../../platform/language/normalise-text.ts";

/** What an entity may be; `thing` is what relations name and no rule knows. */
export const entityTypes = [
  "host",
  "service",
  "person",
  "agent",
  "project",
  "place",
  "channel",
  "topic",
  "organisation",
  "thing",
] as const;
export type EntityType = (typeof entityTypes)[number];

/** How nodes may be joined, beside items that mention entities and are about topics. */
export const edgeKinds = ["refers_to", "answers", "depends_on", "duplicates", "part_of", "related_to"] as const;
export type EdgeKind = (typeof edgeKinds)[number];

/** A node of the graph: the same type and name are one, in whatever scope they are met. */
export interface Entity {
  readonly type: EntityType;
  /** As it is written. */
  readonly label: string;
  /** As it is looked up, see `normaliseName`. */
  readonly name: string;
}

/** An entity at its place in a text. */
export interface FoundEntity extends Entity {
  readonly start: number;
  readonly end: number;
}

const longestName = 200;

/** The form in which names are compared: case, marks and runs of spaces do not matter. */
export const normaliseName = (written: string): string =>
  foldText(storableText(written.slice(0, longestName)))
    .replace(/\s+/gu, " ")
    .trim();

/** An entity of what is written; undefined when nothing is left of its name. */
export const toEntity = (type: EntityType, written: string, name = normaliseName(written)): Entity | undefined => {
  const label = storableText(written.slice(0, longestName)).replace(/\s+/gu, " ").trim();
  return name === "" || label === "" ? undefined : { type, label, name };
};

/** The node's id, made of its type and name: whoever meets the same entity gives the same id. */
export const entityId = ({ type, name }: Pick<Entity, "type" | "name">): string => {
  const hex = createHash("sha256")
    .update(JSON.stringify(["entity", type, name]))
    .digest("hex");
  // Version 8 (RFC 9562): the maker's own scheme.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};
