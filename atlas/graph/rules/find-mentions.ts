import { type FoundEntity, normaliseName, toEntity } from "../entity.ts";

const mention = /(?<![\p{L}\p{N}_.@/-])@([\p{L}\p{N}_][\p{L}\p{M}\p{N}_.-]{0,63})(?![\p{L}\p{M}\p{N}_/@-])/gu;

/** Who is addressed by a name: an agent that is known, else a person. */
export const addressed = (written: string, agents: ReadonlySet<string>) =>
  toEntity(agents.has(normaliseName(written)) ? "agent" : "person", written);

/** `@name` in a text. */
export const findMentions = (text: string, agents: ReadonlySet<string>): FoundEntity[] => {
  const found: FoundEntity[] = [];
  for (const match of text.matchAll(mention)) {
    const written = (match[1] ?? "").replace(/[.-]+$/, "");
    const entity = /\p{L}/u.test(written) ? addressed(written, agents) : undefined;
    if (entity) found.push({ ...entity, start: match.index, end: match.index + 1 + written.length });
  }
  return found;
};
