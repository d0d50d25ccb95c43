import { createHash } from "node:crypto";
import type { MessageRole } from "../timeline.ts";

export interface ImportedMessage {
  /** Tells it from the others of its conversation; the same one in every import of the same data. */
  readonly key: string;
  readonly role: MessageRole;
  /** Undefined: the person that the import is for. */
  readonly author: string | undefined;
  readonly content: string;
  /** ISO 8601; undefined: not known. */
  readonly createdAt: string | undefined;
  readonly meta: Readonly<Record<string, unknown>>;
}

export interface ImportedConversation {
  readonly key: string;
  readonly title: string | undefined;
  readonly createdAt: string | undefined;
  readonly messages: readonly ImportedMessage[];
}

/** What could not be imported, and where it is. */
export interface ImportProblem {
  readonly file: string;
  /** From 1; undefined: the whole file. */
  readonly line: number | undefined;
  readonly reason: string;
}

/** An id made of names: the same names give the same id. */
export const idOf = (...names: readonly string[]): string => {
  const hex = createHash("sha256").update(JSON.stringify(names)).digest("hex");
  // Version 8 (RFC 9562): the maker's own scheme.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

/** Years of four digits, from 1 on: what databases and clients can hold. */
const firstYear = Date.parse("0001-01-01T00:00:00Z");
const lastYear = Date.parse("9999-12-31T23:59:59Z");

/** Seconds, milliseconds or nanoseconds since 1970, or text, as ISO 8601; undefined when it is no time. */
export const timeOf = (value: unknown): string | undefined => {
  if (typeof value === "string" && value.trim() !== "") {
    const time = Date.parse(value);
    return time >= firstYear && time <= lastYear ? new Date(time).toISOString() : undefined;
  }
  if (typeof value !== "number" || !Number.isFinite(value) || value <= 0) return undefined;
  const ms = value < 1e11 ? value * 1_000 : value < 1e14 ? value : value / 1e6;
  return ms <= lastYear ? new Date(Math.round(ms)).toISOString() : undefined;
};
