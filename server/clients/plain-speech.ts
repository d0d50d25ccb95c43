/** Emoji and their joiners; digits and © are no emoji when they stand alone. */
const emoji =
  /(?:\p{Extended_Pictographic}(?:\ufe0f|\u200d\p{Extended_Pictographic}|[\u{1f3fb}-\u{1f3ff}])*|[\u{1f1e6}-\u{1f1ff}]{2})[ \t]?/gu;

/**
 * A piece of an answer as it is spoken: without Markdown marks, citation marks, bare addresses in links and emoji. Words and
 * figures stay. Pieces are whole sentences or lines, as answers are released.
 */
export const toPlainSpeech = (text: string): string =>
  text
    .replace(/```[\w-]*\n?/g, "")
    .replace(/!?\[([^\][\n]{0,300})\]\([^)\s]{1,500}(?:\s+"[^"\n]{0,200}")?\)/g, "$1")
    .replace(/[ \t]?\[\d{1,3}(?:,\s?\d{1,3}){0,20}\]/g, "")
    .replace(/^[ \t]*#{1,6}[ \t]+/gm, "")
    .replace(/^[ \t]*(?:[-*+•]|>)[ \t]+/gm, "")
    .replace(/(\*\*|__)(?=\S)/g, "")
    .replace(/(?<=\S)(\*\*|__)/g, "")
    .replace(/(?<![\p{L}\p{N}])[*_](?=[\p{L}\p{N}])|(?<=[\p{L}\p{N}.,!?])[*_](?![\p{L}\p{N}])/gu, "")
    .replace(/`([^`\n]{1,300})`/g, "$1")
    .replace(emoji, (found) => (/^\p{Emoji_Presentation}|\ufe0f|^[\u{1f1e6}-\u{1f1ff}]/u.test(found) ? "" : found));
