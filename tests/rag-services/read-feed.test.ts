import { performance } from "node:perf_hooks";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { htmlToText } from "../../rag-services/html-to-text.ts";
import { readFeed } from "../../rag-services/read-feed.ts";

const rssOf = (inside: string) =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>${inside}</channel></rss>`;
const millisecondsOf = (work: () => unknown): number => {
  const started = performance.now();
  work();
  return performance.now() - started;
};

describe("feeds", () => {
  test("are read as RSS 1.0 with dates of Dublin Core", () => {
    const feed =
      readFeed(`<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
      <channel rdf:about="https://a.example"><title>Old</title><link>https://a.example</link></channel>
      <item rdf:about="https://a.example/1"><title>One</title><link>https://a.example/1</link><dc:date>2026-08-01T10:00:00+02:00</dc:date></item></rdf:RDF>`);
    expect(feed?.entries).toMatchObject([
      { title: "One", url: "https://a.example/1", published: new Date("2026-08-01T08:00:00Z") },
    ]);
  });

  test("keep each item's own parts when an item without a title stands between", () => {
    const feed = readFeed(
      rssOf(
        "<item><link>https://a.example/0</link></item><item><title>B</title><ev:startdate>2026-08-05T19:00:00</ev:startdate></item>",
      ),
    );
    expect(feed?.entries).toMatchObject([{ title: "B", starts: "2026-08-05T19:00:00" }]);
  });

  test("give no address that could run anything", () => {
    const feed = readFeed(rssOf("<item><title>A</title><link>javascript:alert(1)</link></item>"));
    expect(feed?.entries[0]?.url).toBeUndefined();
  });

  test("never expand entities that a document declares", () => {
    const entities = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>`;
    const feed = readFeed(rssOf("<item><title>x &b; &f;</title></item>").replace("<rss", `${entities}<rss`));
    expect(feed?.entries[0]?.title).toBe("x &b; &f;");
  });

  test("that are cut off or no feeds are none", () => {
    const whole = rssOf("<item><title>A</title></item>");
    expect(readFeed(whole)?.entries).toHaveLength(1);
    expect(readFeed(whole.slice(0, -20))).toBeUndefined();
    expect(readFeed("<html></html>")).toBeUndefined();
    expect(readFeed("")).toBeUndefined();
    expect(readFeed("</rss>")).toBeUndefined();
  });

  test("of any content give plain entries or nothing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (text) => {
        const feed = readFeed(rssOf(`<item><title>${text}</title></item>`));
        for (const entry of feed?.entries ?? []) expect(entry.title.length).toBeLessThanOrEqual(300);
      }),
    );
  });

  test("of 100 KB of hostile text are done with quickly", () => {
    readFeed(rssOf("<item><title>warm</title></item>"));
    const hostile = ["<a>", "<", "&", "<![CDATA[", "<!--", "</item>", "<item>", "]]>", "<a b='", "&amp;"];
    for (const piece of hostile) {
      const xml = rssOf(`<item><title>${piece.repeat(Math.floor(100_000 / piece.length))}`);
      expect(
        millisecondsOf(() => readFeed(xml)),
        piece,
      ).toBeLessThan(400); // measured < 50 alone; two cores are shared here
    }
  });
});

describe("HTML", () => {
  test("becomes one line of text without tags, scripts and styles", () => {
    const html = "<p>One &amp; <b>two</b></p><script>alert(1)</script><style>p{}</style>three<br>four";
    expect(htmlToText(html)).toBe("One & two three four");
  });

  test("is cut at a word", () => {
    expect(htmlToText("alpha beta gamma delta", 14)).toBe("alpha beta…");
  });

  test("of any kind stays within its length", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.integer({ min: 5, max: 60 }), (html, most) => {
        expect(htmlToText(html, most).length).toBeLessThanOrEqual(most);
      }),
    );
  });

  test("of 100 KB of hostile text is done with quickly", () => {
    for (const piece of ["<div>", "<", "&", "<a href='", "<!--", "<p></p>", "</p>"]) {
      const html = piece.repeat(Math.floor(100_000 / piece.length));
      expect(
        millisecondsOf(() => htmlToText(html)),
        piece,
      ).toBeLessThan(200);
    }
  });
});
