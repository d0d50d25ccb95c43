import { z } from "zod";
import { foldText } from "../../../platform/language/normalise-text.ts";
import { jsonOfAnswer } from "../../json-of-answer.ts";
import { type EntityType, entityId, normaliseName, toEntity } from "../entity.ts";
import { type Extracted, joined } from "../rules/extract.ts";
import { personKey } from "../rules/find-people.ts";
import type { Places } from "../rules/find-places.ts";
import type { FoundRelation } from "../rules/find-relations.ts";
import { toTopic } from "../rules/find-tags.ts";

const types = [
  "host",
  "service",
  "person",
  "project",
  "place",
  "organisation",
  "thing",
] as const satisfies EntityType[];
const kinds = ["depends_on", "part_of", "refers_to", "duplicates", "related_to"] as const;

const Item = z.object({
  n: z.int().describe("The text's number."),
  topics: z.array(z.string()).describe("One to three paths, from the general to the special: Project/Cluster."),
  entities: z.array(z.object({ name: z.string().describe("As it stands in the text."), type: z.enum(types) })),
  relations: z.array(z.object({ from: z.string(), kind: z.enum(kinds), to: z.string() })),
});

/** What a model is asked to answer for several texts. */
export const ModelReply = z.object({ items: z.array(Item) });

// What comes back may be a little off: a text whose answer does not fit is left out, the others count.
const Loose = z.object({ items: z.array(z.unknown()) });

const mostTopics = 3;
const mostLevels = 4;
const longestName = 100;

/**
 * What a model's answer says of each text, by its number. Only what stands in the text counts: names that do not are dropped, and
 * relations between them. Undefined: the answer is of no use.
 */
export const readReply = (
  answer: string,
  texts: readonly string[],
  places?: Pick<Places, "resolve">,
): ReadonlyMap<number, Extracted> | undefined => {
  const parsed = Loose.safeParse(jsonOfAnswer(answer));
  if (!parsed.success) return undefined;
  const found = new Map<number, Extracted>();
  for (const given of parsed.data.items) {
    const item = Item.safeParse(given);
    const text = item.success ? texts[item.data.n - 1] : undefined;
    if (!item.success || text === undefined || found.has(item.data.n)) continue;
    found.set(item.data.n, toExtracted(item.data, text, places));
  }
  return found.size === 0 && texts.length > 0 ? undefined : found;
};

const toExtracted = (
  { topics, entities, relations }: z.infer<typeof Item>,
  text: string,
  places: Pick<Places, "resolve"> | undefined,
): Extracted => {
  const folded = foldText(text).replace(/\s+/gu, " ");
  const byName = new Map(
    entities.flatMap(({ name, type }) => {
      const written = normaliseName(name);
      if (written === "" || name.length > longestName || !folded.includes(written)) return [];
      const place = type === "place" ? places?.resolve(name, "en")?.place.name : undefined;
      const entity =
        place === undefined
          ? toEntity(type, name, type === "person" ? personKey(name) : written)
          : toEntity(type, place);
      return entity ? [[written, entity] as const] : [];
    }),
  );
  return joined([
    {
      entities: [...byName.values()],
      topics: topics.slice(0, mostTopics).flatMap((path) => {
        const topic = toTopic(path.replace(/^#/, ""));
        return topic === undefined ? [] : [topic.split("/").slice(0, mostLevels).join("/")];
      }),
      relations: relations.flatMap(({ from, kind, to }): FoundRelation[] => {
        const [left, right] = [byName.get(normaliseName(from)), byName.get(normaliseName(to))];
        return left && right && entityId(left) !== entityId(right) ? [{ kind, from: left, to: right }] : [];
      }),
      references: [],
    },
  ]);
};
