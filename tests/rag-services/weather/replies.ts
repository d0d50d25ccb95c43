/** Replies of the weather sources in their own shapes, for 1 August 2026 and after, Kraków. */

const days = (count: number) =>
  Array.from({ length: count }, (_, index) => new Date(Date.UTC(2026, 7, 1 + index)).toISOString().slice(0, 10));

/** Open-Meteo's `/v1/forecast` as asked for; every day is a degree warmer than the one before. */
export const openMeteoReply = (query: URLSearchParams): unknown => {
  const from = query.get("start_date") ?? "2026-08-01";
  const to = query.get("end_date") ?? from;
  const time = days(16).filter((day) => day >= from && day <= to);
  const warmth = time.map((day) => Number(day.slice(8)));
  return {
    latitude: 50.08,
    longitude: 19.92,
    generationtime_ms: 0.21,
    utc_offset_seconds: 7200,
    timezone: "Europe/Warsaw",
    timezone_abbreviation: "GMT+2",
    elevation: 219,
    ...(query.has("current")
      ? {
          current_units: { time: "iso8601", temperature_2m: "°C", wind_speed_10m: "m/s" },
          current: {
            time: "2026-08-01T12:00",
            interval: 900,
            temperature_2m: 23.6,
            apparent_temperature: 21.4,
            relative_humidity_2m: 55,
            precipitation: 0,
            weather_code: 2,
            wind_speed_10m: 3.5,
            wind_direction_10m: 240,
          },
        }
      : {}),
    daily_units: { temperature_2m_max: "°C" },
    daily: {
      time,
      weather_code: time.map(() => 61),
      temperature_2m_max: warmth.map((warm) => 23.2 + warm),
      temperature_2m_min: warmth.map((warm) => 12.1 + warm),
      precipitation_sum: time.map(() => 1.4),
      precipitation_probability_max: time.map(() => 35),
      wind_speed_10m_max: time.map(() => 6.1),
    },
  };
};

const at = (hours: number) => new Date(Date.UTC(2026, 7, 1, 9) + hours * 3_600_000).toISOString().replace(".000Z", "Z");

/** MET Norway's `compact`: hourly for two days, then every six hours, from 9 UTC on. */
export const metNorwayReply = {
  type: "Feature",
  geometry: { type: "Point", coordinates: [19.9167, 50.0833, 219] },
  properties: {
    meta: {
      updated_at: "2026-08-01T09:22:31Z",
      units: { air_temperature: "celsius", precipitation_amount: "mm", wind_speed: "m/s" },
    },
    timeseries: [
      ...Array.from({ length: 51 }, (_, index) => index),
      ...Array.from({ length: 28 }, (_, index) => 51 + index * 6),
    ].map((hours) => ({
      time: at(hours),
      data: {
        instant: {
          details: {
            air_pressure_at_sea_level: 1014.2,
            air_temperature: (hours + 9) % 24 === 12 ? 25.5 : 17,
            cloud_area_fraction: 40,
            relative_humidity: 61,
            wind_from_direction: 210,
            wind_speed: 4,
          },
        },
        ...(hours < 205 ? { next_12_hours: { summary: { symbol_code: "cloudy" }, details: {} } } : {}),
        ...(hours < 51
          ? { next_1_hours: { summary: { symbol_code: "fair_day" }, details: { precipitation_amount: 0.1 } } }
          : {}),
        ...(hours < 210
          ? {
              next_6_hours: {
                summary: { symbol_code: "lightrainshowers_day" },
                details: { precipitation_amount: 0.6 },
              },
            }
          : {}),
      },
    })),
  },
};

export const openWeatherNow = {
  coord: { lon: 19.9167, lat: 50.0833 },
  weather: [{ id: 803, main: "Clouds", description: "broken clouds", icon: "04d" }],
  base: "stations",
  main: { temp: 22.4, feels_like: 22.1, temp_min: 21, temp_max: 24, pressure: 1014, humidity: 58 },
  visibility: 10000,
  wind: { speed: 5, deg: 250 },
  clouds: { all: 75 },
  dt: Date.UTC(2026, 7, 1, 9, 55) / 1_000,
  sys: { country: "PL" },
  timezone: 7200,
  id: 3094802,
  name: "Krakow",
  cod: 200,
};

export const openWeatherAhead = {
  cod: "200",
  message: 0,
  cnt: 40,
  list: Array.from({ length: 40 }, (_, index) => ({
    dt: Date.UTC(2026, 7, 1, 12 + index * 3) / 1_000,
    main: {
      temp: 20,
      feels_like: 20,
      temp_min: 18,
      temp_max: 20 + (index % 8),
      pressure: 1014,
      humidity: 60,
      temp_kf: 0,
    },
    weather: [{ id: 500, main: "Rain", description: "light rain", icon: "10d" }],
    clouds: { all: 60 },
    wind: { speed: 4, deg: 200, gust: 7 },
    visibility: 10000,
    pop: 0.3,
    rain: { "3h": 0.2 },
    sys: { pod: "d" },
    dt_txt: "2026-08-01 12:00:00",
  })),
  city: { id: 3094802, name: "Krakow", country: "PL", timezone: 7200 },
};

export const geocodingReply = {
  results: [
    {
      id: 761228,
      name: "Rabka-Zdrój",
      latitude: 49.60889,
      longitude: 19.96654,
      elevation: 509,
      feature_code: "PPL",
      country_code: "PL",
      admin1_id: 858786,
      timezone: "Europe/Warsaw",
      population: 13051,
      country_id: 798544,
      country: "Poland",
      admin1: "Lesser Poland",
    },
  ],
  generationtime_ms: 0.8,
};
