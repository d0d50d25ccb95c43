/** Replies in the providers' true shapes, trimmed to what they always carry. */

export const rss = (title: string, items: readonly { title: string; link: string; text?: string; at?: string }[]) => ({
  headers: { "content-type": "application/rss+xml; charset=utf-8" },
  body: `<?xml version="1.0" encoding="UTF-8"?>
<rss xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" version="2.0">
<channel><title><![CDATA[${title}]]></title><link>https://news.example</link><language>en-gb</language>
${items
  .map(
    ({ title: said, link, text = "", at = "Sat, 01 Aug 2026 08:00:00 GMT" }) =>
      `<item><title><![CDATA[${said}]]></title><description><![CDATA[${text}]]></description><link>${link}</link><guid isPermaLink="false">${link}#0</guid><pubDate>${at}</pubDate></item>`,
  )
  .join("\n")}
</channel></rss>`,
});

export const atom = {
  headers: { "content-type": "application/atom+xml" },
  body: `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Second Paper</title><id>urn:feed</id><updated>2026-08-01T09:00:00Z</updated>
<entry><title type="html">Storm hits the coast &amp;amp; the hills</title><link rel="alternate" href="https://second.example/storm"/><id>urn:1</id><updated>2026-08-01T09:00:00Z</updated><summary type="html">&lt;p&gt;Thousands &lt;b&gt;flee&lt;/b&gt;.&lt;/p&gt;</summary></entry>
<entry><title>Wybory w Krakowie</title><link href="https://second.example/krakow"/><id>urn:2</id><published>2026-07-31T20:00:00Z</published><updated>2026-07-31T20:00:00Z</updated><content type="text">Mieszkańcy Krakowa głosują.</content></entry>
</feed>`,
};

export const firstFeed = rss("First Paper", [
  { title: "Parliament votes on the budget", link: "https://first.example/budget", text: "<p>A long night.</p>" },
  { title: "Storm hits the coast & the hills!", link: "https://first.example/storm" },
  { title: "Old story", link: "https://first.example/old", at: "Wed, 01 Jul 2026 08:00:00 GMT" },
]);

export const gdelt = {
  articles: [
    {
      url: "https://third.example/quake",
      url_mobile: "",
      title: "Earthquake shakes island , no one hurt",
      seendate: "20260801T093000Z",
      socialimage: "https://third.example/x.jpg",
      domain: "third.example",
      language: "English",
      sourcecountry: "United States",
    },
  ],
};

export const newsApi = {
  status: "ok",
  totalResults: 2,
  articles: [
    {
      source: { id: null, name: "[Removed]" },
      author: null,
      title: "[Removed]",
      description: "[Removed]",
      url: "https://removed.com",
      urlToImage: null,
      publishedAt: "1970-01-01T00:00:00Z",
      content: "[Removed]",
    },
    {
      source: { id: "reuters", name: "Reuters" },
      author: "A. Writer",
      title: "Earthquake relief arrives",
      description: "Ships <em>reach</em> the island.",
      url: "https://fourth.example/relief",
      urlToImage: null,
      publishedAt: "2026-08-01T07:15:00Z",
      content: "Ships… [+1200 chars]",
    },
  ],
};
