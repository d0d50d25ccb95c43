import { storableText } from "../../../platform/db/storable.ts";

const tag =
  /(?<![\p{L}\p{N}_&#/])#([\p{L}\p{N}_][\p{L}\p{M}\p{N}_-]{0,63}(?:\/[\p{L}\p{N}_][\p{L}\p{M}\p{N}_-]{0,63}){0,7})/gu;
const colour = /^(?=.*\d)(?:[0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})$/i;
const mostLevels = 8;
const longestSegment = 64;

/** A path of topics as it is kept: its segments without spaces around them; undefined when nothing is left. */
export const toTopic = (written: string): string | undefined => {
  const segments = storableText(written)
    .split("/")
    .map((segment) => segment.replace(/\s+/gu, " ").trim().slice(0, longestSegment).toWellFormed())
    .filter((segment) => /[\p{L}\p{N}]/u.test(segment))
    .slice(0, mostLevels);
  return segments.length === 0 ? undefined : segments.join("/");
};

/** The paths above one: of `a/b/c` these are `a` and `a/b`. */
export const topicsAbove = (topic: string): string[] => {
  const segments = topic.split("/");
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join("/"));
};

/** Topics of a text: `#tag`, `#a/b/c`; no numbers and no colours. */
export const findTags = (text: string): string[] => {
  const topics = new Set<string>();
  for (const [, written = ""] of text.matchAll(tag)) {
    if (!/\p{L}/u.test(written) || colour.test(written)) continue;
    const topic = toTopic(written);
    if (topic !== undefined) topics.add(topic);
  }
  return [...topics];
};
