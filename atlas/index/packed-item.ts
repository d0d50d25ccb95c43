import { hashTerm } from "./hash-term.ts";
import { gap, type ItemPart } from "./item-terms.ts";

/** One part of an item as it is ranked: stems as hashes. */
export interface IndexedPart {
  /** Its posting's number; grows with the order of indexing. */
  readonly seq: number;
  readonly collection: number;
  /** 16 bytes as latin1 text: cheap keys. `uuidOf` gives the id. */
  readonly item: string;
  readonly parent: string;
  readonly part: number;
  readonly position: number;
  /** Minutes since 1970. */
  readonly minutes: number;
  readonly text: Int32Array;
  /** Title, author and date; 0 between runs. */
  readonly about: Int32Array;
}

export type NewIndexedPart = Omit<IndexedPart, "seq">;

export const keyOf = (uuid: string): string => Buffer.from(uuid.replaceAll("-", ""), "hex").toString("latin1");
export const uuidOf = (key: string): string => {
  const hex = Buffer.from(key, "latin1").toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

const hashesOf = (terms: readonly string[]): Int32Array =>
  Int32Array.from(terms, (term) => (term === gap ? 0 : hashTerm(term)));

/** A part with its terms hashed, for `packPart` or for ranking at once. */
export const toIndexedPart = (
  place: Pick<IndexedPart, "collection" | "item" | "parent" | "position" | "minutes">,
  { part, text, about }: ItemPart,
): NewIndexedPart => ({ ...place, part, text: hashesOf(text), about: hashesOf(about) });

/** Terms that count for the length. */
export const lengthOf = ({ text, about }: Pick<IndexedPart, "text" | "about">): number => {
  let length = text.length;
  for (const hash of about) if (hash !== 0) length += 1;
  return length;
};

const headerBytes = 64;

/** A part as bytes: header, then the hashes; numbers in little-endian order. */
export const packPart = (seq: number, part: NewIndexedPart): Buffer => {
  const bytes = Buffer.alloc(headerBytes + 4 * (part.text.length + part.about.length));
  bytes.writeDoubleLE(seq, 0);
  bytes.write(part.item, 8, "latin1");
  bytes.write(part.parent, 24, "latin1");
  const header = [part.collection, part.part, part.position, part.minutes, part.text.length, part.about.length];
  for (const [index, value] of header.entries()) bytes.writeInt32LE(value, 40 + 4 * index);
  let offset = headerBytes;
  for (const hashes of [part.text, part.about]) {
    for (const hash of hashes) offset = bytes.writeInt32LE(hash, offset);
  }
  return bytes;
};

/** The parts in bytes that `packPart` made, one after the other. */
export const unpackParts = (packed: Uint8Array): IndexedPart[] => {
  // A copy, so that the numbers lie where an Int32Array may begin.
  const buffer = Buffer.from(new Uint8Array(packed).buffer);
  const numbers = (at: number, count: number): Int32Array => new Int32Array(buffer.buffer, at, count);
  const parts: IndexedPart[] = [];
  for (let at = 0; at < buffer.length; ) {
    const [collection, part, position, minutes, textLength, aboutLength] = numbers(at + 40, 6) as unknown as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const first = at + headerBytes;
    parts.push({
      seq: buffer.readDoubleLE(at),
      item: buffer.toString("latin1", at + 8, at + 24),
      parent: buffer.toString("latin1", at + 24, at + 40),
      collection,
      part,
      position,
      minutes,
      text: numbers(first, textLength),
      about: numbers(first + 4 * textLength, aboutLength),
    });
    at = first + 4 * (textLength + aboutLength);
  }
  return parts;
};
