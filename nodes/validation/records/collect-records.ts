import type { GroundInput } from "../ground.ts";
import { roleInData } from "./role-words.ts";

/** Something that a record says in words: a name, or the role that its field or value stands for. */
export interface RecordValue {
  readonly field: string;
  readonly text: string;
  /** Of a role: what it is, instead of words to look for. */
  readonly role: string | undefined;
}

/** Records of one kind: what is said of one of them is not said of another. */
export type RecordGroup = readonly (readonly RecordValue[])[];

const mostRecords = 200;
const mostGroups = 100;
const noNames =
  /^(?:kind|type|id|uuid|url|link|source|sourcename|site|engine|country|timezone|zone|state|status|condition|league|currency|unit|locale|lang|language|genres?|summary|snippet|text|description|body|content|note|notes|raw|path|section|topic|aspect|threadid|messageid|symbol|formatted.*|expression|published|alternatives)$/i;

const isName = (value: unknown): value is string =>
  typeof value === "string" &&
  value.length <= 80 &&
  /[\p{Lu}א-ת]/u.test(value) &&
  !/^https?:|^\p{Lu}\p{Ll}+\/\p{Lu}|^\d{4}-\d\d-\d\d/u.test(value);

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** What an object says itself, and objects in it that stand for one thing each. */
const valuesOf = (object: Record<string, unknown>, prefix = "", depth = 0): RecordValue[] =>
  Object.entries(object).flatMap(([key, value]): RecordValue[] => {
    const field = prefix + key;
    if (typeof value === "string" && value.length < 30) {
      const role = roleInData(value);
      if (role && role.group !== "person") return [{ field: `@${role.group}`, text: "", role: role.id }];
    }
    if (noNames.test(key)) return [];
    if (isName(value)) return [{ field, text: value, role: undefined }];
    if (Array.isArray(value))
      return value.slice(0, 20).flatMap((each) => (isName(each) ? [{ field, text: each, role: undefined }] : []));
    return isObject(value) && depth < 2 ? valuesOf(value, `${field}.`, depth + 1) : [];
  });

/** Finds the records in evidence: lists of objects, pieces of evidence of one shape, and objects side by side that stand for roles. */
export const collectRecords = ({ evidence }: Pick<GroundInput, "evidence">): readonly RecordGroup[] => {
  const groups: RecordGroup[] = [];
  const put = (records: RecordGroup) => {
    if (groups.length < mostGroups && records.filter((values) => values.length > 1).length > 1)
      groups.push(records.slice(0, mostRecords));
  };
  const walk = (value: unknown, depth: number): void => {
    if (depth > 6) return;
    if (Array.isArray(value)) {
      const objects = value.filter(isObject);
      put(objects.map((object) => valuesOf(object)));
      for (const each of objects.slice(0, mostRecords)) walk(each, depth + 1);
    } else if (isObject(value)) {
      const byGroup = new Map<string, (readonly RecordValue[])[]>();
      for (const [key, inner] of Object.entries(value)) {
        const found = roleInData(key);
        const names = isName(inner)
          ? [{ field: "name", text: inner, role: undefined }]
          : isObject(inner)
            ? valuesOf(inner)
            : [];
        if (found) {
          const record = [{ field: `@${found.group}`, text: "", role: found.id }, ...names];
          byGroup.set(found.group, [...(byGroup.get(found.group) ?? []), record]);
        }
        // Who wrote the last comment is no assignee.
        else if (isObject(inner))
          for (const [innerKey, person] of Object.entries(inner)) {
            const innerRole = roleInData(innerKey);
            if (innerRole?.group !== "person" || !isName(person)) continue;
            const record = [
              { field: "@person", text: "", role: innerRole.id },
              { field: "name", text: person, role: undefined },
            ];
            byGroup.set("person", [...(byGroup.get("person") ?? []), record]);
          }
        walk(inner, depth + 1);
      }
      for (const records of byGroup.values()) put(records);
    }
  };
  const byShape = new Map<string, RecordValue[][]>();
  for (const { data, service } of evidence) {
    walk(data, 0);
    const shape = typeof data.kind === "string" ? data.kind : `${service} ${Object.keys(data).sort().join()}`;
    byShape.set(shape, [...(byShape.get(shape) ?? []), valuesOf(data)]);
  }
  for (const records of byShape.values()) put(records);
  return groups;
};
