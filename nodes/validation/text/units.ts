import { perWord } from "../../../platform/language/per-word.ts";
import { unitForms } from "./unit-forms.ts";

/** A unit of a dimension: a value in it, times `factor` plus `offset`, is the value in the dimension's base unit. */
export interface Unit {
  readonly id: string;
  readonly dimension: string;
  readonly factor: number;
  readonly offset: number;
}

const exact = new Map<string, Unit>();
const stems = new Map<string, Unit>();
const units = new Map<string, Unit>();
/** Longest unit in tokens. */
export const longestUnit = 4;

// Names separated by commas; `*` at the end stands for any ending. Tokens of a name are separated by one space.
const define = (dimension: string, id: string, factor: number, names: string, offset = 0): void => {
  const unit = { id, dimension, factor, offset };
  units.set(id, unit);
  for (const name of names.split(/\s*,\s*/)) {
    if (name.endsWith("*")) stems.set(name.slice(0, -1), unit);
    else exact.set(name, unit);
  }
};

define(
  "temperature",
  "degree",
  1,
  "°, º, degree, degrees, deg, stopni, stopnie, stopień, stopnia, градус, градуси, градусів, градуса, מעלה, מעלות",
);
define(
  "temperature",
  "C",
  1,
  "° c, º c, ℃, c, degree celsius, celsius, degrees c, degrees celsius, stopni celsjusza, stopnie celsjusza, stopień celsjusza, градусів цельсія, градуси цельсія, градус цельсія, מעלות צלזיוס, ° צלזיוס, ° с, ° celsius",
);
define(
  "temperature",
  "F",
  5 / 9,
  "° f, º f, ℉, f, fahrenheit, degrees f, degrees fahrenheit, stopni fahrenheita, stopnie fahrenheita, градусів фаренгейта, градуси фаренгейта, מעלות פרנהייט, ° fahrenheit",
  -160 / 9,
);
define("temperature", "K", 1, "kelvin, kelvins, kelwin*, кельвін*, קלווין", -273.15);
define(
  "speed",
  "m/s",
  1,
  "m / s, м / с, metres per second, meters per second, metrów na sekundę, metry na sekundę, метрів на секунду, метри на секунду, метр на секунду, метрів за секунду, метри за секунду, метр за секунду, מטר לשנייה, מטרים לשנייה, מטר בשנייה, מטרים בשנייה, מטר לשניה, מטרים לשניה, מ ' / ש '",
);
define(
  "speed",
  "km/h",
  1 / 3.6,
  `km / h, kmh, kph, km / godz, км / год, км / г, kilometres per hour, kilometers per hour, kilometres an hour, kilometers an hour, kilometrów na godzinę, kilometry na godzinę, кілометрів на годину, кілометри на годину, קמ"ש, קילומטר לשעה, קילומטרים לשעה, קילומטר בשעה, קילומטרים בשעה, ק"מ בשעה, ק"מ לשעה`,
);
define(
  "speed",
  "mph",
  0.44704,
  "mph, mi / h, miles per hour, miles an hour, mil na godzinę, mile na godzinę, миль на годину, милі на годину, מייל לשעה, מיילים לשעה",
);
define("speed", "kn", 0.514444, "kn, kt, kts, knot, knots, węzeł, węzły, węzłów, вузол, вузли, вузлів, קשר, קשרים");
define("length", "km", 1000, `km, км, ק"מ, kilomet*, kilometr*, кілометр*, קילומטר*`);
define("length", "m", 1, "m, м, meter, meters, metre, metres, metr*, метр*, מטר, מטרים");
define("length", "cm", 0.01, `cm, см, ס"מ, centimet*, centymetr*, сантиметр*, סנטימטר*`);
define("length", "mm", 0.001, `mm, мм, מ"מ, millimet*, milimetr*, міліметр*, מילימטר*`);
define("length", "mi", 1609.344, "mi, mile, miles, mil, mila, mili, milę, миля, милі, милю, миль, מייל, מיילים");
define("length", "ft", 0.3048, "ft, foot, feet, stopa, stopy, stóp, фут, фути, футів, רגל, רגליים");
define("length", "in", 0.0254, "inch, inches, cal, cale, cali, дюйм, дюйми, дюймів, אינץ, אינצ'ים");
define("length", "yd", 0.9144, "yard, yards, yd, jard*");
define("length", "nmi", 1852, "nmi, nautical mile, nautical miles, mil morskich, mile morskie, морських миль");
define("mass", "kg", 1, `kg, кг, ק"ג, kilo, kilos, kilogram*, кілограм*, קילו, קילוגרם`);
define(
  "mass",
  "g",
  0.001,
  "g, г, gram, grams, grama, gramów, gramy, gramach, gramami, грам, грами, грама, грамів, גרם, גרמים",
);
define("mass", "dag", 0.01, "dag, dkg, deko, deka, dekagram*, декаграм*, דקגרם");
define("mass", "mg", 1e-6, `mg, мг, מ"ג, milligram*, miligram*, міліграм*, מיליגרם`);
define("mass", "lb", 0.45359237, "lb, lbs");
define("mass", "pound", 0.45359237, "pound, pounds, funt, funty, funtów, фунт, фунти, фунтів, ליברות");
define("mass", "oz", 0.028349523, "oz, ounce, ounces, uncji, uncje, унцій, унції");
define("mass", "t", 1000, "tonne, tonnes, tons, ton, tona, tony, тонн, тонни, тонна, טון");
define("volume", "l", 1, "l, л, liter, liters, litre, litres, litr*, літр*, ליטר, ליטרים");
define("volume", "ml", 0.001, `ml, мл, מ"ל, millilit*, mililitr*, мілілітр*`);
define("volume", "cl", 0.01, "cl, centilit*, centylitr*, сантилітр*");
define("volume", "dl", 0.1, "dl, decilit*, decylitr*, децилітр*, דציליטר");
define(
  "volume",
  "m³",
  1000,
  "m³, м³, m3, cubic meters, cubic metres, metrów sześciennych, metry sześcienne, кубічних метрів, кубометр*, קוב, קובים",
);
define("volume", "gal", 3.785411784, "gal, gallon, gallons, galon*, галон*, גלון, גלונים");
define("pressure", "hPa", 100, "hpa, hectopascal*, hektopaskal*, mbar, mb, millibar*, гпа, гектопаскал*, הקטופסקל");
define("pressure", "kPa", 1000, "kpa, кпа, kilopascal*, קילופסקל");
define("pressure", "Pa", 1, "pa, па, pascals");
define("pressure", "bar", 100000, "bar, bars, בר");
define(
  "pressure",
  "mmHg",
  133.322,
  'mmhg, mm hg, mm of mercury, millimetres of mercury, millimeters of mercury, milimetrów słupa rtęci, milimetry słupa rtęci, mm słupa rtęci, мм рт. ст, мм рт, міліметрів ртутного стовпа, міліметри ртутного стовпа, מילימטר כספית, מ"מ כספית',
);
define("pressure", "inHg", 3386.39, "inhg, in hg");
define("pressure", "psi", 6894.757, "psi");
define(
  "torque",
  "N·m",
  1,
  "n · m, n * m, newton metre*, newton - metre*, newton meter*, newton - meter*, niutonometr*, ньютон - метр*, н · м, нм, ניוטון מטר",
);
define(
  "torque",
  "lb-ft",
  1.3558179,
  "lb - ft, ft - lb, lb ft, ft lb, lbft, ftlb, lb · ft, ft · lb, lbs ft, ft lbs, ft - lbs, pound feet, pound - feet, foot pounds, foot - pounds",
);
define("data", "B", 1, "byte, bytes, bajt*, байт*");
define("data", "kB", 1e3, "kb, кб");
define("data", "MB", 1e6, "mb, мб, megabyte*, megabajt*, мегабайт*");
define("data", "GB", 1e9, "gb, гб, gigabyte*, gigabajt*, гігабайт*, גיגה, גיגהבייט");
define("data", "TB", 1e12, "tb, тб, terabyte*, terabajt*, терабайт*, טרהבייט");
define("data", "GiB", 2 ** 30, "gib");
define("data", "MiB", 2 ** 20, "mib");
define("data", "TiB", 2 ** 40, "tib");
define("duration", "ms", 0.001, "ms, мс, millisecond*, milisekund*, мілісекунд*, אלפיות השנייה, מילישניות");
define("duration", "s", 1, "s, с, sec, secs, sek, second, seconds, sekund*, секунд*, שנייה, שניות");
define("duration", "min", 60, "min, mins, хв, minute, minutes, minut*, хвилин*, דקה, דקות, דק'");
define("duration", "quarter", 900, "kwadrans*");
define(
  "duration",
  "h",
  3600,
  "h, hr, hrs, hour, hours, godz, godzin, godziny, godzina, godzinę, godzinach, godzinami, год, годин*, שעה, שעות",
);
define(
  "duration",
  "day",
  86400,
  "day, days, dzień, dni, dnia, dniach, dniami, dniom, doba, doby, dobę, dób, день, дні, днів, дня, днями, днях, доба, доби, добу, діб, יום, ימים",
);
define(
  "duration",
  "week",
  604800,
  "week, weeks, tydzień, tygodni, tygodnie, tygodnia, tygodniach, tygodniami, тиждень, тижні, тижнів, тижня, тижнях, тижнями, שבוע, שבועות",
);
define(
  "duration",
  "month",
  2629800,
  "month, months, miesiąc, miesiące, miesięcy, miesiąca, miesiącach, місяць, місяці, місяців, місяця, חודש, חודשים",
);
define("duration", "year", 31557600, "year, years, rok, lata, lat, roku, latach, рік, роки, років, року, שנה, שנים");
define("ratio", "%", 1, "%, percent, pct, per cent, proc, procent*, відсот*, אחוז, אחוזים");
define("ratio", "‰", 0.1, "‰");
define("energy", "kWh", 3.6e6, `kwh, квт · год, квт - год, квт ⋅ год, квтг, kilowatogodzin*, кіловат - год*, קוט"ש`);
define("energy", "MWh", 3.6e9, `mwh, мвт · год, мвт - год, megawatogodzin*, מגה - וואט - שעה, מוט"ש`);
define("energy", "kJ", 1000, "kj, кдж, kilojoule*, kilodżul*, кілоджоул*");
define("energy", "Wh", 3600, "wh");
define("energy", "kcal", 4184, "kcal, calories, kalorii, ккал, קלוריות");
define("power", "kW", 1000, "kw, квт, kilowat*, кіловат*, קילוואט");
define("power", "MW", 1e6, "mw, мвт, megawat*, мегават*, מגוואט, מגה - וואט");
define("power", "GW", 1e9, "gw, гвт, gigawat*, гігават*");
define("power", "W", 1, "w, вт, watt, watts, watów, ват, וואט");
define("area", "ha", 10000, "ha, га, hectare*, hektar*, гектар*");
define(
  "area",
  "m²",
  1,
  `m², м², m2, sqm, square meter, square metre, square meters, square metres, metr kwadratowy, metra kwadratowego, metry kwadratowe, metrów kwadratowych, metrach kwadratowych, квадратний метр, квадратного метра, квадратні метри, квадратних метрів, квадратних метра, кв . м, кв м, מ"ר, מטר רבוע, מטרים רבועים, מטר מרובע, מטרים מרובעים`,
);
define(
  "area",
  "km²",
  1e6,
  `km², км², km2, sq km, square kilometer, square kilometre, square kilometers, square kilometres, kilometr kwadratowy, kilometry kwadratowe, kilometrów kwadratowych, kilometra kwadratowego, квадратних кілометрів, квадратні кілометри, квадратного кілометра, кв . км, קמ"ר, קילומטר רבוע, קילומטרים רבועים`,
);
define(
  "area",
  "acre",
  4046.8564224,
  "ac, acre, acres, akr, akra, akry, akrów, akrach, акр, акра, акри, акрів, אקר, אקרים",
);
define("area", "dunam", 1000, "dunam, dunams, dunum, dunums, дунам*, דונם, דונמים");
define("area", "mi²", 2589988.11, "sq mi, square mile, square miles");
define("area", "ft²", 0.09290304, "ft², sq ft, square feet");
const money = (code: string, names: string): void => define("money", code, 1, `${code.toLowerCase()}, ${names}`);
money("USD", "$, us $, dollar, dollars, dolar*, долар*, bucks, דולר, דולרים");
money("EUR", "€, euro, euros, євро, אירו, יורו");
money("GBP", '£, quid, sterling, funtów szterlingów, pounds sterling, фунтів стерлінгів, ליש"ט');
money("PLN", "zł, zl, złot*, злот*, זלוטי, זלוטים");
money("UAH", "₴, грн, hrywien, hrywn*, hryvnia*, гривень, гривн*, הריבניה, הריבניות");
money("ILS", `₪, shekel*, szekl*, шекел*, שקל, שקלים, שקלי, ש"ח, שח, nis`);
money("CHF", "frank szwajcarski, franków, franki, franc, francs, swiss francs, франк*, פרנק");
money("JPY", "¥, yen, jen*, єн*, ין");
money("CZK", "kč, koron*");
money("BTC", "₿, bitcoin");
for (const code of ["SEK", "NOK", "DKK", "CAD", "AUD", "CNY", "INR", "TRY", "HUF", "RON"])
  money(code, code.toLowerCase());
define(
  "cents",
  "cent",
  1,
  "cent, cents, pence, pensów, grosz, grosze, groszy, коп, копійок, копійки, копійку, копійка, копійками, grosza, groszami, cencie, centów, centy, penny, цент*, אגורות, אגורה, סנט, סנטים",
);
for (const [id, names] of [
  [
    "points",
    "point, points, pts, punkt, punkty, punktów, punktami, punktach, пункти, пунктів, очок, очк*, бали, балів, балами, балах, נקודה, נקודות",
  ],
  ["bps", "bps"],
  ["rpm", "rpm"],
] as const)
  define(id, id, 1, names);

for (const [form, id] of unitForms()) {
  const unit = units.get(id);
  if (unit && !exact.has(form)) exact.set(form, unit);
}

/** The unit of an exact id. */
export const unitById = (id: string): Unit | undefined => units.get(id);

/** The unit that a lower-case name writes (tokens joined by one space); Hebrew names also behind a prefix. */
export const unitNamed = perWord((name: string): Unit | undefined => {
  const found = exact.get(name);
  if (found !== undefined) return found;
  const longest = Math.min(name.length, 16);
  for (let length = longest; length >= 3; length -= 1) {
    const unit = stems.get(name.slice(0, length));
    if (unit !== undefined && name.length - length <= 5 && !name.includes(" ", length)) return unit;
  }
  return /^[הבלו][א-ת]{2}/.test(name) ? exact.get(name.slice(1)) : undefined;
});

// How the names of data fields say their unit: the last word of `temperatureC`, `windKmh`, `price_usd`.
const fieldUnits: Readonly<Record<string, string>> = {
  c: "C",
  celsius: "C",
  f: "F",
  fahrenheit: "F",
  kmh: "km/h",
  kph: "km/h",
  mph: "mph",
  mps: "m/s",
  knots: "kn",
  kn: "kn",
  kt: "kn",
  mm: "mm",
  cm: "cm",
  m: "m",
  metres: "m",
  meters: "m",
  km: "km",
  kilometres: "km",
  kilometers: "km",
  ft: "ft",
  feet: "ft",
  mi: "mi",
  miles: "mi",
  percent: "%",
  percentage: "%",
  pct: "%",
  percents: "%",
  hpa: "hPa",
  kg: "kg",
  g: "g",
  grams: "g",
  lb: "lb",
  lbs: "lb",
  gb: "GB",
  mb: "MB",
  tb: "TB",
  kb: "kB",
  bytes: "B",
  ms: "ms",
  milliseconds: "ms",
  sec: "s",
  secs: "s",
  seconds: "s",
  minutes: "min",
  mins: "min",
  hours: "h",
  days: "day",
  weeks: "week",
  months: "month",
  years: "year",
  usd: "USD",
  eur: "EUR",
  gbp: "GBP",
  pln: "PLN",
  uah: "UAH",
  ils: "ILS",
  chf: "CHF",
  kwh: "kWh",
  wh: "Wh",
  kw: "kW",
  watts: "W",
  w: "W",
  l: "l",
  litres: "l",
  liters: "l",
  ml: "ml",
  humidity: "%",
  probability: "%",
  brightness: "%",
  points: "points",
  runtime: "min",
  mg: "mg",
  dag: "dag",
  dl: "dl",
  cl: "cl",
  ha: "ha",
  acres: "acre",
  hectares: "ha",
  m2: "m²",
  sqm: "m²",
  km2: "km²",
  mw: "MW",
  mwh: "MWh",
};
/** The unit that the words of a field's name tell; undefined when they tell none. */
export const unitOfField = (words: readonly string[]): Unit | undefined => {
  const last = words.at(-1) ?? "";
  if (last === "second" && words.at(-2) === "per" && words.at(-3) === "metres") return units.get("m/s");
  if (words.at(-2) === "per") return undefined;
  if (last === "min" && words.some((word) => /^(?:delay|late|duration|runtime|time|length)$/.test(word)))
    return units.get("min");
  const id = fieldUnits[last];
  if (id === "ms" && /^(?:wind|gust|speed)/.test(words.at(-2) ?? "")) return units.get("m/s");
  // One-letter words are units only behind another word.
  return id === undefined || (last.length === 1 && words.length < 2) ? undefined : units.get(id);
};
