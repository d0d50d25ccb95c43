import type { Recogniser } from "../../../platform/egress/recognisers/span.ts";
import { isUuid } from "../../uuid.ts";
import { type Entity, entityId, type FoundEntity, normaliseName, toEntity } from "../entity.ts";
import { findHosts } from "./find-hosts.ts";
import { addressed, findMentions } from "./find-mentions.ts";
import { findPeople } from "./find-people.ts";
import { createFindPlaces, type Places } from "./find-places.ts";
import { type FoundRelation, findRelations } from "./find-relations.ts";
import { findServices } from "./find-services.ts";
import { findTags, toTopic } from "./find-tags.ts";

export interface RulesDeps {
  readonly places?: Places;
  /** Names of the services and of the agents that are known at the moment. */
  readonly services?: () => readonly string[];
  readonly agents?: () => readonly string[];
}

/** What is said of an item beside its text. */
export interface ItemMeta {
  /** `user` for people, `assistant` and `agent` for agents, `system` and `tool` for what reports; undefined: a document. */
  readonly role: string | undefined;
  readonly author: string;
  readonly meta: Readonly<Record<string, unknown>>;
  /** Of its thread and channel. */
  readonly projects: readonly string[];
  /** The name of a channel with several people in it. */
  readonly channel?: string | undefined;
  readonly service?: string | null | undefined;
}

/** What an item says of the world. Each entity, topic and relation once; entities of relations are among the entities. */
export interface Extracted {
  readonly entities: readonly Entity[];
  readonly topics: readonly string[];
  readonly relations: readonly FoundRelation[];
  /** Ids that may be those of messages. */
  readonly references: readonly string[];
}

const uuid = /(?<![\p{L}\p{N}-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\p{L}\p{N}-])/giu;
const mostOfKind = 200;
const mostReferences = 20;

const texts = (value: unknown): string[] =>
  (Array.isArray(value) ? value.slice(0, mostOfKind) : [value]).filter(
    (item): item is string => typeof item === "string",
  );

const authorType = (role: string): "person" | "agent" | "service" =>
  role === "user" ? "person" : role === "assistant" || role === "agent" ? "agent" : "service";

/** Takes out what lies inside something found before it: earlier finders know more. */
const withoutOverlaps = (found: readonly FoundEntity[]): FoundEntity[] => {
  const kept: FoundEntity[] = [];
  const ranked = found.map((entity, rank) => ({ entity, rank }));
  ranked.sort((one, other) => one.entity.start - other.entity.start || one.rank - other.rank);
  for (const { entity } of ranked) {
    const last = kept.at(-1);
    if (last === undefined || entity.start >= last.end) kept.push(entity);
    else if (entity.start === last.start && entity.end > last.end && entity.type === "person")
      kept[kept.length - 1] = entity;
  }
  return kept;
};

/**
 * The rules that read texts without any model. Linear in the text's length; `text` is one of `piecesOf`, so that no call takes
 * long.
 */
export const createRules = ({ places, services = () => [], agents = () => [] }: RulesDeps = {}) => {
  const findPlaces = places ? createFindPlaces(places) : () => [];
  const named = (names: readonly string[]): ReadonlySet<string> => new Set(names.map(normaliseName));

  return {
    /** What the words of a text say. `directory` finds the people whom its writer knows. */
    ofText(text: string, directory?: Recogniser): Extracted {
      const found = withoutOverlaps([
        ...findHosts(text),
        ...findMentions(text, named(agents())),
        ...findServices(text, named(services())),
        ...findPlaces(text),
        ...findPeople(text, directory),
      ]);
      const relations = findRelations(text, found);
      return joined([
        {
          entities: [...found, ...relations.flatMap(({ from, to }) => [from, to])],
          topics: findTags(text),
          relations,
          references: [...text.matchAll(uuid)].slice(0, mostReferences).map(([id]) => id.toLowerCase()),
        },
      ]);
    },

    /** What is known of an item beside its words. */
    ofMeta({ role, author, meta, projects, channel, service }: ItemMeta): Extracted {
      const of = (type: Entity["type"], values: readonly string[]): (Entity | undefined)[] =>
        values.map((value) => toEntity(type, value));
      const known = named(agents());
      const entities = [
        ...(role === undefined ? [] : of(authorType(role), [author])),
        ...texts(meta.mentions).map((name) => addressed(name.replace(/^@/, ""), known)),
        ...of("project", [...texts(meta.project), ...projects]),
        ...of("channel", [...texts(meta.channel), ...(channel === undefined ? [] : [channel])]),
        ...of("service", [...texts(meta.service), ...texts(meta.services), ...texts(service)]),
        ...of("host", [...texts(meta.host), ...texts(meta.hosts)]),
      ];
      const topics = [...texts(meta.tags), ...texts(meta.topics), ...texts(meta.topic)];
      return joined([
        {
          entities: entities.filter((entity) => entity !== undefined),
          topics: topics.flatMap((tag) => toTopic(tag.replace(/^#/, "")) ?? []),
          relations: [],
          references: texts(meta.reply_to)
            .filter(isUuid)
            .map((id) => id.toLowerCase()),
        },
      ]);
    },
  };
};
export type Rules = ReturnType<typeof createRules>;

const unique = <Item>(items: readonly Item[], keyOf: (item: Item) => string, most: number): Item[] => {
  const byKey = new Map<string, Item>();
  for (const item of items) {
    if (byKey.size >= most) break;
    const key = keyOf(item);
    if (!byKey.has(key)) byKey.set(key, item);
  }
  return [...byKey.values()];
};

/** What several parts of one item say, each thing once; hostile texts are cut at 200 of each. */
export const joined = (parts: readonly Extracted[]): Extracted => {
  const entities = unique(
    parts.flatMap((part) => part.entities).map(({ type, label, name }) => ({ type, label, name })),
    entityId,
    mostOfKind,
  );
  const known = new Set(entities.map(entityId));
  return {
    entities,
    topics: unique(
      parts.flatMap((part) => part.topics),
      normaliseName,
      mostOfKind,
    ),
    relations: unique(
      parts
        .flatMap((part) => part.relations)
        .filter(({ from, to }) => known.has(entityId(from)) && known.has(entityId(to))),
      ({ kind, from, to }) => `${kind} ${entityId(from)} ${entityId(to)}`,
      mostOfKind,
    ),
    references: unique(
      parts.flatMap((part) => part.references),
      (id) => id,
      mostReferences,
    ),
  };
};
