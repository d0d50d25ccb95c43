import type { Recogniser, Span } from "./span.ts";

const local = /[\p{L}\p{M}\d._%+'&=-]/u;
const domain = /[\p{L}\p{M}\d.-]/u;

/** An `@`, also as addresses of the web and wary people write it. */
const at = /@|%(?:25){0,3}40|&#(?:64|x40);|&commat;| ?[[({] ?(?:at|małpa|malpa|собака|ет|שטרודל|כרוכית) ?[\])}] ?/giu;
const dot = / ?[[({] ?(?:dot|kropka|крапка|נקודה) ?[\])}] ?/iuy;

/** E-mail addresses, found from their `@` outwards: at most 64 characters to the left and 253 to the right. */
export const email: Recogniser = {
  name: "email",
  *find(text, check): Generator<Span> {
    for (const { 0: sign, index } of text.matchAll(at)) {
      check();
      let start = index;
      while (start > 0 && index - start < 64 && local.test(text[start - 1] ?? "")) start -= 1;
      const from = index + sign.length;
      let end = from;
      while (end < text.length && end - from < 253) {
        dot.lastIndex = end;
        const spelled = sign.length > 1 ? dot.exec(text)?.[0].length : undefined;
        if (spelled === undefined && !domain.test(text[end] ?? "")) break;
        end += spelled ?? 1;
      }
      while (start < index && /[.'=&-]/.test(text[start] ?? "")) start += 1;
      while (end > from && /[.-]/.test(text[end - 1] ?? "")) end -= 1;
      const host = text.slice(Math.max(from, end - 64), end);
      if (start < index && /(?:\.|[\])}] ?)[\p{L}\d-]{2,}$/u.test(host)) yield { start, end, kind: "EMAIL" };
    }
  },
};
