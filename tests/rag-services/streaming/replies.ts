/** Replies in the providers' true shapes, trimmed to what they always carry. */

const polonia = { id: 322, name: "TVP1", country: { name: "Poland", code: "PL", timezone: "Europe/Warsaw" } };

export const show = (changes: Record<string, unknown> = {}) => ({
  id: 42,
  url: "https://www.tvmaze.com/shows/42/ranczo",
  name: "Ranczo",
  type: "Scripted",
  language: "Polish",
  genres: ["Comedy"],
  status: "Running",
  runtime: 45,
  premiered: "2006-03-05",
  ended: null,
  officialSite: null,
  schedule: { time: "20:05", days: ["Sunday"] },
  rating: { average: 8.1 },
  weight: 60,
  network: polonia,
  webChannel: null,
  summary: "<p><b>Ranczo</b> is about an American woman who inherits a manor &amp; stays.</p>",
  updated: 1_700_000_000,
  ...changes,
});

export const episode = (changes: Record<string, unknown> = {}) => ({
  id: 900,
  url: "https://www.tvmaze.com/episodes/900/ranczo-1x02",
  name: "Porwanie",
  season: 11,
  number: 2,
  type: "regular",
  airdate: "2026-08-02",
  airtime: "20:05",
  airstamp: "2026-08-02T18:05:00+00:00",
  runtime: 45,
  rating: { average: null },
  image: null,
  summary: null,
  ...changes,
});

export const tvmazeSearch = [{ score: 0.9, show: show() }];
export const tvmazeShow = {
  ...show(),
  _embedded: {
    nextepisode: episode(),
    cast: [
      {
        person: { id: 1, name: "Ilona Ostrowska" },
        character: { id: 2, name: "Lucy Wilska" },
        self: false,
        voice: false,
      },
    ],
    seasons: [
      { id: 1, number: 1, name: "", episodeOrder: 13, premiereDate: "2006-03-05" },
      { id: 2, number: 2, name: "", episodeOrder: 13, premiereDate: "2007-03-04" },
    ],
    previousepisode: episode({
      id: 899,
      number: 1,
      name: "Powrót",
      airdate: "2026-07-26",
      airstamp: "2026-07-26T18:05:00+00:00",
    }),
  },
};

export const tvmazeSchedule = [
  {
    ...episode({ id: 1, airtime: "08:00", airstamp: "2026-08-01T06:00:00+00:00", name: "Breakfast" }),
    show: show({ name: "Morning" }),
  },
  { ...episode({ id: 2, airstamp: "2026-08-01T18:05:00+00:00" }), show: show() },
  {
    ...episode({
      id: 3,
      season: 2,
      number: null,
      name: "Special",
      airtime: "21:30",
      airstamp: "2026-08-01T19:30:00+00:00",
    }),
    show: show({ id: 43, name: "Ojciec Mateusz" }),
  },
];

export const tmdbSearch = {
  page: 1,
  results: [
    { id: 7, media_type: "person", name: "Dune Somebody", known_for: [] },
    {
      id: 438631,
      media_type: "movie",
      title: "Diuna",
      original_title: "Dune",
      release_date: "2021-09-15",
      overview: "…",
      adult: false,
      genre_ids: [878],
    },
    { id: 841, media_type: "movie", title: "Diuna", original_title: "Dune", release_date: "1984-12-14", adult: false },
  ],
  total_pages: 1,
  total_results: 3,
};

export const tmdbDetails = (results: Record<string, unknown>) => ({
  id: 438631,
  title: "Diuna",
  overview: "Szlachetny ród Atrydów obejmuje władzę nad Arrakis.",
  genres: [{ id: 878, name: "Sci-Fi" }],
  status: "Released",
  release_date: "2021-09-15",
  "watch/providers": { results },
});

export const offersInPoland = {
  PL: {
    link: "https://www.themoviedb.org/movie/438631-dune/watch?locale=PL",
    flatrate: [{ logo_path: "/x.jpg", provider_id: 1899, provider_name: "HBO Max", display_priority: 2 }],
    rent: [
      { logo_path: "/y.jpg", provider_id: 2, provider_name: "Apple TV", display_priority: 4 },
      { logo_path: "/z.jpg", provider_id: 35, provider_name: "Rakuten TV", display_priority: 5 },
    ],
  },
};
