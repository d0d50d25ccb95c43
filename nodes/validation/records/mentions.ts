import { codeAt } from "../facts/name-table.ts";
import { contentStem } from "../text/content-words.ts";
import { isInflection } from "../text/inflection.ts";
import { foldName, scriptOf } from "../text/name-index.ts";
import { skeletonOf } from "../text/names.ts";
import { type Token, tokensOf } from "../text/tokens.ts";
import type { RecordGroup } from "./collect-records.ts";

/** A value of a field, known by the words that no other value of its group has, with the records that say it. */
export interface GroupValue {
  readonly field: string;
  readonly text: string;
  readonly role: string | undefined;
  readonly records: ReadonlySet<number>;
}

/** Finds the values of a group of records in texts. */
export interface GroupIndex {
  readonly values: readonly GroupValue[];
  /** The value that a word names; undefined for none. */
  at(token: Token): GroupValue | undefined;
  /** The value that is a code beginning at a token ("OPS-2231"); undefined for none. */
  codeAt(tokens: readonly Token[], at: number): GroupValue | undefined;
  role(field: string, id: string): GroupValue | undefined;
}

const wordsOf = (text: string): string[] =>
  (text.match(/\p{L}[\p{L}\p{M}'’ʼ"״׳]+|\p{L}*\d[\p{L}\d]+/gu) ?? []).filter(
    (word) => word.length > 2 && (/\d/.test(word) || contentStem(word.toLowerCase()) !== undefined),
  );

/** Without the small words that Hebrew writes as one with the next. */
const formsOf = (folded: string): string[] =>
  /^[ובלמהשכ][א-ת]{2}/.test(folded) ? [folded, folded.slice(1)] : [folded];

/** Reads a group once; lookups then cost the same however many records there are. */
export const indexGroup = (group: RecordGroup): GroupIndex => {
  const byValue = new Map<string, { field: string; text: string; role: string | undefined; records: Set<number> }>();
  for (const [index, record] of group.entries())
    for (const { field, text, role } of record) {
      const key = `${field}\n${role ?? text.toLowerCase()}`;
      const value = byValue.get(key) ?? { field, text, role, records: new Set() };
      value.records.add(index);
      byValue.set(key, value);
    }
  const values = [...byValue.values()];
  // A word of several values tells none of them, but one text may stand in several fields.
  const owners = new Map<string, Set<string>>();
  for (const { text } of values)
    for (const word of new Set(wordsOf(text).map(foldName)))
      owners.set(word, (owners.get(word) ?? new Set()).add(text.toLowerCase()));
  const byStart = new Map<string, { word: string; value: GroupValue }[]>();
  const byBones = new Map<string, { script: string; value: GroupValue }>();
  for (const value of values)
    for (const word of wordsOf(value.text).map(foldName)) {
      if ((owners.get(word)?.size ?? 0) > 1) continue;
      const start = word.slice(0, 2);
      byStart.set(start, [...(byStart.get(start) ?? []), { word, value }]);
      const bones = skeletonOf(word);
      if (bones.length > 2 && !byBones.has(bones)) byBones.set(bones, { script: scriptOf(word), value });
    }
  const byCode = new Map<string, GroupValue>();
  for (const value of values) {
    const tokens = value.text.length > 30 ? [] : tokensOf(value.text);
    const code = codeAt(tokens, 0);
    if (code?.length === tokens.length) byCode.set(code.key, value);
  }
  const known = new Map<string, GroupValue | undefined>();
  const find = (folded: string): GroupValue | undefined => {
    const script = scriptOf(folded);
    for (const form of formsOf(folded))
      for (const { word, value } of byStart.get(form.slice(0, 2)) ?? [])
        if (script === "hebrew" ? word === form || word === `ה${form}` : isInflection(word, form, script)) return value;
    for (const form of formsOf(folded)) {
      const bones = skeletonOf(form);
      for (const length of [bones.length, bones.length - 1]) {
        const found = length > 2 ? byBones.get(bones.slice(0, length)) : undefined;
        if (found && found.script !== script) return found.value;
      }
    }
    return undefined;
  };
  return {
    values,
    at({ kind, text }) {
      if (kind !== "word" || text.length < 3 || !/^[\p{Lu}א-ת]/u.test(text)) return undefined;
      const folded = foldName(text);
      if (!known.has(folded) && known.size < 20_000) known.set(folded, find(folded));
      return known.get(folded);
    },
    codeAt(tokens, at) {
      const code = byCode.size > 0 ? codeAt(tokens, at) : undefined;
      return code && byCode.get(code.key);
    },
    role: (field, id) => values.find((value) => value.field === field && value.role === id),
  };
};
