import type { Recogniser, Span } from "./span.ts";

const local = /[\p{L}\p{M}\d._%+'&=-]/u;
const domain = /[\p{L}\p{M}\d.-]/u;

/** E-mail addresses, found from their `@` outwards: at most 64 characters to the left and 253 to the right. */
export const email: Recogniser = {
  name: "email",
  *find(text, check): Generator<Span> {
    for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
      check();
      let start = at;
      while (start > 0 && at - start < 64 && local.test(text[start - 1] ?? "")) start -= 1;
      let end = at + 1;
      while (end < text.length && end - at < 254 && domain.test(text[end] ?? "")) end += 1;
      while (start < at && /[.'=&-]/.test(text[start] ?? "")) start += 1;
      while (end > at && /[.-]/.test(text[end - 1] ?? "")) end -= 1;
      if (start < at && /\.[\p{L}\d-]{2,}$/u.test(text.slice(Math.max(at + 1, end - 64), end))) {
        yield { start, end, kind: "EMAIL" };
      }
    }
  },
};
