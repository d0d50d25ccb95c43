/** Replies in the sources' true shapes, trimmed to what they always carry. */

const zone = `BEGIN:VTIMEZONE
TZID:Europe/Warsaw
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
END:DAYLIGHT
END:VTIMEZONE`;

export const ics = (
  events: readonly string[],
  head = "X-WR-CALNAME:Kultura w Krakowie\nX-WR-TIMEZONE:Europe/Warsaw",
) => ({
  headers: { "content-type": "text/calendar; charset=utf-8" },
  body: `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Events//EN
${head}
${zone}
${events.map((event) => `BEGIN:VEVENT\nDTSTAMP:20260101T000000Z\n${event}\nEND:VEVENT`).join("\n")}
END:VCALENDAR
`.replaceAll("\n", "\r\n"),
});

/** Every Tuesday at 19:00, not on 11 August, an hour later on 18 August. */
export const weekly = [
  `UID:jazz@x
DTSTART;TZID=Europe/Warsaw:20251014T190000
DTEND;TZID=Europe/Warsaw:20251014T210000
RRULE:FREQ=WEEKLY;BYDAY=TU
EXDATE;TZID=Europe/Warsaw:20260811T190000
SUMMARY:Jazz night
LOCATION:Piec Art\\, Kraków
URL:https://events.example/jazz
DESCRIPTION:<b>Live</b> jazz every Tuesday`,
  `UID:jazz@x
RECURRENCE-ID;TZID=Europe/Warsaw:20260818T190000
DTSTART;TZID=Europe/Warsaw:20260818T200000
DTEND;TZID=Europe/Warsaw:20260818T220000
SUMMARY:Jazz night\\, later`,
];
export const wholeDays = `UID:fest@x
DTSTART;VALUE=DATE:20260807
DTEND;VALUE=DATE:20260810
SUMMARY:Pierogi festival
LOCATION:Mały Rynek`;
export const cancelled = `UID:off@x
DTSTART;TZID=Europe/Warsaw:20260805T180000
SUMMARY:Called off
STATUS:CANCELLED`;
export const floating = `UID:float@x
DTSTART:20260806T120000
DTEND:20260806T130000
SUMMARY:Noon walk`;

export const ticketmaster = {
  _embedded: {
    events: [
      {
        name: "The Rolling Tests",
        type: "event",
        id: "Z698xZC2Z17",
        test: false,
        url: "https://www.ticketmaster.pl/event/1",
        locale: "en-us",
        dates: {
          start: {
            localDate: "2026-08-05",
            localTime: "20:00:00",
            dateTime: "2026-08-05T18:00:00Z",
            dateTBD: false,
            timeTBA: false,
            noSpecificTime: false,
          },
          timezone: "Europe/Warsaw",
          status: { code: "onsale" },
        },
        classifications: [{ primary: true, segment: { id: "1", name: "Music" }, genre: { id: "2", name: "Rock" } }],
        priceRanges: [{ type: "standard", currency: "PLN", min: 199, max: 499 }],
        _embedded: {
          venues: [{ name: "Tauron Arena", id: "x", city: { name: "Kraków" }, country: { countryCode: "PL" } }],
        },
      },
    ],
  },
  _links: { self: { href: "/discovery/v2/events.json" } },
  page: { size: 20, totalElements: 1, totalPages: 1, number: 0 },
};

export const announcements = {
  body: `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:ev="http://purl.org/rss/1.0/modules/event/"><channel><title>Town hall</title>
<item><title>Open-air cinema</title><link>https://town.example/cinema</link><ev:startdate>2026-08-08T21:00:00</ev:startdate><ev:location>Błonia, Kraków</ev:location></item>
<item><title>New season of concerts</title><link>https://town.example/season</link><pubDate>Thu, 30 Jul 2026 10:00:00 GMT</pubDate></item>
</channel></rss>`,
};
