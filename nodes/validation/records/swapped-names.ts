import type { Token } from "../text/tokens.ts";
import { clausesOf } from "./clauses-of.ts";
import type { GroupIndex, GroupValue } from "./mentions.ts";
import { roleAt } from "./role-words.ts";

/** Two records may stand in one clause when it compares or orders them, or denies something. */
const relates =
  /^(?:after|before|than|not|no|instead|unlike|versus|vs|against|from|following|until|since|nor|except|po|przed|niż|nie|zamiast|od|z|ze|oprócz|після|перед|до|ніж|не|замість|від|крім|проти|אחרי|לפני|מאשר|לא|במקום|מ|נגד|מול|אין|n't)$/;

interface Mentioned {
  readonly value: GroupValue;
  readonly written: string;
}

const readClause = (tokens: readonly Token[], from: number, to: number, group: GroupIndex): Mentioned[] => {
  const found: Mentioned[] = [];
  for (let at = from; at < to && found.length < 40; at += 1) {
    const token = tokens[at] as Token;
    const role = roleAt(tokens, at);
    const value = (role && group.role(`@${role.group}`, role.id)) ?? group.codeAt(tokens, at) ?? group.at(token);
    if (value && !found.some((each) => each.value === value)) found.push({ value, written: token.text });
  }
  return found;
};

const meets = (left: ReadonlySet<number>, right: ReadonlySet<number>): boolean => {
  for (const record of left) if (right.has(record)) return true;
  return false;
};

/** Two of one kind may be told of together, whatever each is in its own record. */
const isPair = (left: string, right: string): boolean => sides.test(left) && sides.test(right);
const sides = /(?:^|\.)(?:home|away|from|to|origin|destination|departure|arrival|winner|loser)(?:$|\.)/i;

/** Two fields of which a clause names values that no record joins. */
const swappedIn = (mentioned: readonly Mentioned[]): string | undefined => {
  const byField = Map.groupBy(mentioned, ({ value }) => value.field);
  const fields = [...byField];
  for (const [index, [field, left]] of fields.entries())
    for (const [other, right] of fields.slice(index + 1)) {
      if (isPair(field, other)) continue;
      // One text in two fields joins whatever either does.
      const isOne = left.some((one) =>
        right.some((each) => one.value.text !== "" && one.value.text === each.value.text),
      );
      if (isOne) continue;
      const joins = left.some((one) => right.some((each) => meets(one.value.records, each.value.records)));
      if (!joins) return `${left[0]?.written} and ${right[0]?.written}`;
    }
  return undefined;
};

/** Two names of a sentence that stand in different records of the evidence; undefined when it keeps them apart. */
export const swappedNames = (tokens: readonly Token[], groups: readonly GroupIndex[]): string | undefined => {
  if (tokens.some(({ lower }) => relates.test(lower))) return undefined;
  for (const group of groups) {
    const whole = readClause(tokens, 0, tokens.length, group);
    if (whole.length < 2) continue;
    const swapped = swappedIn(whole);
    if (swapped) return swapped;
    const clauses = clausesOf(tokens).map(([from, to]) => readClause(tokens, from, to, group));
    const told = clauses.filter((clause) => clause.length > 0);
    // Lists are told in several ways; only clauses that all tell the same fields are read one by one.
    const fieldsOf = (clause: readonly Mentioned[]) =>
      [...new Set(clause.map(({ value }) => value.field))].sort().join();
    if (told.length < 2 || new Set(told.map(fieldsOf)).size > 1) continue;
    for (const clause of told) {
      const found = swappedIn(clause);
      if (found) return found;
    }
  }
  return undefined;
};
