import type { Recogniser, Span } from "./span.ts";

const secretParameter =
  /[?&#](?:access_token|auth|api_?key|apikey|code|key|password|pwd|secret|sig|signature|token)=[^&\s#]/i;

const login = /:\/\/[^/?#@:\s]{0,256}:[^@/\s]{1,256}@/;

/** URLs that carry a user and password, or a secret parameter: the whole URL, at most 2,048 characters. */
export const urlCredentials: Recogniser = {
  name: "url-credentials",
  *find(text, check): Generator<Span> {
    let end = 0;
    for (let at = text.indexOf("://"); at >= 0; at = text.indexOf("://", end)) {
      check();
      let start = at;
      while (start > end && at - start < 20 && /[a-z\d+.-]/i.test(text[start - 1] ?? "")) start -= 1;
      end = at + (/^[^\s"'<>`]{3,2048}/.exec(text.slice(at, at + 2_048))?.[0].length ?? 3);
      const url = text.slice(start, end);
      if (login.test(url) || secretParameter.test(url)) yield { start, end, kind: "URL" };
    }
  },
};
