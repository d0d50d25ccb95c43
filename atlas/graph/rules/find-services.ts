import { type FoundEntity, normaliseName, toEntity } from "../entity.ts";

const word = /[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_-]*[\p{L}\p{M}\p{N}_])?/gu;

/** The known services that a text names by a word of their own. */
export const findServices = (text: string, services: ReadonlySet<string>): FoundEntity[] => {
  if (services.size === 0) return [];
  const found: FoundEntity[] = [];
  for (const match of text.matchAll(word)) {
    if (match[0].length > 64 || !services.has(normaliseName(match[0]))) continue;
    const entity = toEntity("service", match[0]);
    if (entity) found.push({ ...entity, start: match.index, end: match.index + match[0].length });
  }
  return found;
};
