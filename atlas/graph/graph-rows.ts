import { createHash } from "node:crypto";
import { wordsOf } from "../../platform/language/normalise-text.ts";
import type { Changes } from "../follow/changes.ts";
import { type EdgeKind, entityId, normaliseName, toEntity } from "./entity.ts";
import type { Extracted } from "./rules/extract.ts";
import { topicsAbove } from "./rules/find-tags.ts";

/** A message or chunk as `graph_items` keeps it; numbers of 64 bits as text. */
export interface GraphItem {
  readonly item: string;
  readonly kind: "message" | "chunk";
  readonly parent: string;
  readonly position: number;
  readonly role: string;
  readonly author: string;
  readonly scope_key: string;
  readonly created_at: string;
  readonly content_hash: string;
  readonly same_hash: string | null;
}

/** An item with what was found out about it. */
export interface GraphEntry {
  readonly item: GraphItem;
  readonly extracted: Extracted;
}

/** Shorter texts repeat by nature: "thank you". */
const fewestWords = 4;

const hashOf = (text: string): string => createHash("sha256").update(text).digest().readBigInt64BE(0).toString();

const sameHash = (content: string): string | null => {
  const words = wordsOf(content);
  return words.length < fewestWords ? null : hashOf(words.join(" "));
};

/**
 * Items that the graph may hold, with their texts; the others of the same changes leave it. Chunks have the times of their
 * documents.
 */
export const itemsOf = (
  { messages, chunks }: Changes,
  documentTimes: ReadonlyMap<string, Date>,
): { readonly item: GraphItem; readonly content: string }[] => [
  ...messages.flatMap(({ id, threadId, position, role, author, scopeKey, createdAt, content, allowed }) =>
    content === null || !allowed || role === "system"
      ? []
      : [
          {
            content,
            item: {
              item: id,
              kind: "message" as const,
              parent: threadId,
              position,
              role,
              author,
              scope_key: scopeKey,
              created_at: createdAt.toISOString(),
              content_hash: hashOf(content),
              same_hash: sameHash(content),
            },
          },
        ],
  ),
  ...chunks.map(({ id, documentId, position, scopeKey, headingPath, content, title }) => {
    const text = [title, ...headingPath.filter((heading) => heading !== title), content].join("\n");
    return {
      content: text,
      item: {
        item: id,
        kind: "chunk" as const,
        parent: documentId,
        position,
        role: "tool",
        author: title,
        scope_key: scopeKey,
        created_at: (documentTimes.get(documentId) ?? new Date(0)).toISOString(),
        content_hash: hashOf(text),
        same_hash: null,
      },
    };
  }),
];

export interface EntityRow {
  readonly id: string;
  readonly scope_key: string;
  readonly type: string;
  readonly name: string;
  readonly label: string;
}

interface FromItem {
  readonly message_id: string;
  readonly scope_key: string;
  readonly origin: string;
  readonly created_at: string;
}

export interface GraphRows {
  readonly entities: readonly EntityRow[];
  readonly mentions: readonly (FromItem & { entity_id: string; entity: string; entity_type: string })[];
  readonly topics: readonly (FromItem & { entity_id: string; topic: string; implied: boolean })[];
  readonly edges: readonly (FromItem & { from_id: string; to_id: string; kind: EdgeKind })[];
}

/** The rows that what was found out becomes; a topic is a part of the one above it. */
export const toGraphRows = (entries: readonly GraphEntry[], origin: string): GraphRows => {
  const entities = new Map<string, EntityRow>();
  const mentions: GraphRows["mentions"][number][] = [];
  const topics: GraphRows["topics"][number][] = [];
  const edges: GraphRows["edges"][number][] = [];
  for (const { item, extracted } of entries) {
    const { scope_key, created_at } = item;
    const from = { message_id: item.item, scope_key, origin, created_at };
    const put = (entity: NonNullable<ReturnType<typeof toEntity>>): string => {
      const id = entityId(entity);
      const key = `${id} ${scope_key}`;
      const known = entities.get(key);
      // The smaller label, so that it does not depend on who came first.
      if (known === undefined || entity.label < known.label) entities.set(key, { id, scope_key, ...entity });
      return id;
    };
    for (const entity of extracted.entities) {
      mentions.push({ ...from, entity_id: put(entity), entity: entity.label, entity_type: entity.type });
    }
    const own = extracted.topics.flatMap((topic) => toEntity("topic", topic) ?? []);
    const named = new Map(own.map((topic) => [entityId(topic), { topic, implied: false }]));
    for (const { label } of own) {
      let below = entityId({ type: "topic", name: normaliseName(label) });
      for (const above of topicsAbove(label).reverse()) {
        const topic = toEntity("topic", above);
        if (!topic) break;
        const id = entityId(topic);
        const known = named.get(id);
        // The smaller spelling, as for labels.
        if (!known || (known.implied && topic.label < known.topic.label)) named.set(id, { topic, implied: true });
        edges.push({ ...from, from_id: below, to_id: id, kind: "part_of" });
        below = id;
      }
    }
    for (const { topic, implied } of named.values()) {
      topics.push({ ...from, entity_id: put(topic), topic: topic.label, implied });
    }
    for (const { kind, from: left, to } of extracted.relations) {
      edges.push({ ...from, from_id: entityId(left), to_id: entityId(to), kind });
    }
  }
  const unique = new Map(edges.map((edge) => [`${edge.from_id} ${edge.to_id} ${edge.kind} ${edge.message_id}`, edge]));
  return { entities: [...entities.values()], mentions, topics, edges: [...unique.values()] };
};
