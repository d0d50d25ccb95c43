import { foldText } from "../platform/language/normalise-text.ts";

/** A unit: what mathjs calls it and how it is written. */
export interface NamedUnit {
  readonly unit: string;
  readonly symbol: string;
}

/** Units that mathjs lacks or knows with few digits only (acre, mmHg), by their definition. */
export const extraUnits: Readonly<Record<string, string>> = {
  nauticalmile: "1852 m",
  knotspeed: "0.514444444444444444444444444444 m/s",
  metrichorsepower: "735.49875 W",
  internationalacre: "4046.8564224 m^2",
  mercury: "133.322387415 Pa",
  smallcalorie: "4.184 J",
  largecalorie: "4184 J",
  imperialgallon: "4.54609 l",
  imperialpint: "0.56826125 l",
};

/** Polish endings of masculine and feminine unit names (kilometr, kilometry, kilometrów; mila, mile, mil …). */
const masculine = "(?:y|i|ów|a|u|ach|om|ami|em|ie)?";
const feminine = "(?:a|y|i|e|ę|ą|om|ami|ach)?";

const rows: readonly (readonly [unit: string, symbol: string, names: string])[] = [
  ["km", "km", `km|kilomet(?:er|re)s?|kilometr${masculine}|км|кілометр(?:и|ів|а)?|ק"מ|קילומטר(?:ים)?`],
  ["m", "m", `m|met(?:er|re)s?|metr${masculine}|м|метр(?:и|ів|а)?|מטר(?:ים)?`],
  ["cm", "cm", `cm|centimet(?:er|re)s?|centymetr${masculine}|см|сантиметр(?:и|ів|а)?|ס"מ|סנטימטר(?:ים)?`],
  ["mm", "mm", `mm|millimet(?:er|re)s?|milimetr${masculine}|мм|міліметр(?:и|ів|а)?|מילימטר(?:ים)?`],
  ["mile", "mi", `mi|miles?|mil${feminine}|мил(?:я|і|ь)|מייל(?:ים)?`],
  ["nauticalmile", "nmi", `nmi|nautical miles?|mil${feminine} morsk(?:a|ie|ich)|морськ(?:а|і|их) мил(?:я|і|ь)`],
  ["yard", "yd", `yd|yards?|jard${masculine}`],
  ["foot", "ft", `ft|foot|feet|stop${feminine}|stóp|фут(?:и|ів|а)?|רגל(?:יים)?`],
  ["inch", "in", `in|inch(?:es)?|"|cal(?:e|i|a)?|дюйм(?:и|ів|а)?|אינץ'?`],
  ["kg", "kg", `kg|kilos?|kilograms?|kilogram${masculine}|кг|кілограм(?:и|ів|а)?|ק"ג|קילו(?:גרם)?`],
  ["g", "g", `g|grams?|gram${masculine}|г|грам(?:и|ів|а)?|גרם`],
  ["mg", "mg", `mg|milligrams?|miligram${masculine}`],
  ["decagram", "dag", `dag|decagrams?|deka|dekagram${masculine}`],
  ["tonne", "t", `t|tonnes?|metric tons?|ton${feminine}|тонн(?:а|и)?|טון`],
  ["lb", "lb", `lbs?|pounds?|funt${masculine}|фунт(?:и|ів|а)?|ליברות?`],
  ["oz", "oz", `oz|ounces?|uncj${feminine}|унці(?:я|ї|й)`],
  ["stone", "st", "st|stones?"],
  ["l", "l", `l|lit(?:er|re)s?|litr${masculine}|л|літр(?:и|ів|а)?|ליטר(?:ים)?`],
  ["ml", "ml", `ml|millilit(?:er|re)s?|mililitr${masculine}|мл|мілілітр(?:и|ів|а)?|מ"ל|מיליליטר`],
  ["m3", "m³", `m3|m³|cubic met(?:er|re)s?|metr${masculine} sześcienn(?:y|e|ych)`],
  ["gallon", "gal (US)", `gal|gallons?|us gallons?|galon${masculine}`],
  ["imperialgallon", "gal (UK)", "uk gallons?|imperial gallons?"],
  ["pint", "pt (US)", "us pints?"],
  ["imperialpint", "pt (UK)", `pints?|uk pints?|imperial pints?|pół ?kwart${feminine}`],
  ["cup", "cup", `cups?|szklank${feminine}|szklanek`],
  ["fluidounce", "fl oz", "fl\\.? ?oz|fluid ounces?"],
  ["tablespoon", "tbsp", `tbsp|tablespoons?|łyżk${feminine}|łyżek`],
  ["teaspoon", "tsp", `tsp|teaspoons?|łyżeczk${feminine}|łyżeczek`],
  ["m2", "m²", `m2|m²|square met(?:er|re)s?|sqm|metr${masculine} kwadratow(?:y|e|ych)`],
  ["km2", "km²", `km2|km²|square kilomet(?:er|re)s?|kilometr${masculine} kwadratow(?:y|e|ych)`],
  ["sqft", "ft²", `ft2|ft²|sq ?ft|square f(?:ee|oo)t|stop${feminine} kwadratow(?:a|e|ych)`],
  ["hectare", "ha", `ha|hectares?|hektar${masculine}|гектар(?:и|ів|а)?`],
  ["internationalacre", "ac", `ac|acres?|akr${masculine}|акр(?:и|ів|а)?`],
  ["km/h", "km/h", `km/h|kph|kmh|kilomet(?:er|re)s? (?:per|an) hour|kilometr${masculine} na godzinę|км/год|קמ"ש`],
  ["mile/h", "mph", `mph|mi/h|miles? (?:per|an) hour|mil${feminine} na godzinę`],
  ["m/s", "m/s", `m/s|met(?:er|re)s? per second|metr${masculine} na sekundę|м/с`],
  ["knotspeed", "kn", `kn|kts?|knots?|węz(?:eł|ły|łów|ła)|вузл(?:и|ів)`],
  [
    "degC",
    "°C",
    "c|°c|ºc|celsius|degrees? c(?:elsius)?|centigrade|stop(?:ni|nie|ień|nia) c(?:elsjusza)?|celsjusza?|градус(?:и|ів|а)? цельсія|цельсія?|מעלות(?: צלזיוס)?|צלזיוס",
  ],
  [
    "degF",
    "°F",
    "f|°f|ºf|fahrenheit|degrees? f(?:ahrenheit)?|stop(?:ni|nie|ień|nia) f(?:ahrenheita)?|fahrenheita?|градус(?:и|ів|а)? фаренгейта|фаренгейта?|פרנהייט",
  ],
  ["K", "K", "k|kelvins?|kelvin(?:y|ów|a)?|кельвін(?:и|ів|а)?"],
  ["s", "s", `s|secs?|seconds?|sekund${feminine}|секунд(?:и|а|у)?|שניות|שנייה`],
  ["minute", "min", `min|mins|minutes?|minut${feminine}|хвилин(?:и|а|у)?|דקות|דקה`],
  ["hour", "h", `h|hrs?|hours?|godzin${feminine}|годин(?:и|а|у)?|שעות|שעה`],
  ["day", "d", "d|days?|dzień|dni|dnia|doba|doby|день|дні|днів|дня|ימים|יום"],
  ["week", "wk", "wk|weeks?|tydzień|tygodni(?:e|a)?|тиж(?:день|ні|нів)|שבועות|שבוע"],
  ["Pa", "Pa", `pa|pascals?|paskal${masculine}`],
  ["hPa", "hPa", `hpa|hectopascals?|hektopaskal${masculine}|mbar|millibars?`],
  ["kPa", "kPa", "kpa"],
  ["bar", "bar", `bars?|bar${masculine}`],
  ["psi", "psi", "psi"],
  ["mercury", "mmHg", "mmhg|mm hg"],
  ["atm", "atm", `atm|atmospheres?|atmosfer${feminine}`],
  ["J", "J", `j|joules?|dżul${masculine}`],
  ["kJ", "kJ", `kj|kilojoules?|kilodżul${masculine}`],
  ["kWh", "kWh", `kwh|kilowatt[- ]hours?|kilowatogodzin${feminine}|кіловат-годин(?:и|а)?`],
  ["Wh", "Wh", `wh|watt[- ]hours?|watogodzin${feminine}`],
  ["smallcalorie", "cal", "small calories?"],
  ["largecalorie", "kcal", `kcal|kilocalories?|calories?|kilokalori${feminine}|kalori${feminine}`],
  ["BTU", "BTU", "btu"],
  ["W", "W", `w|watts?|wat${masculine}|ват(?:и|ів|а)?`],
  ["kW", "kW", `kw|kilowatts?|kilowat${masculine}|кіловат(?:и|ів|а)?`],
  ["hp", "hp", "hp|horsepower"],
  ["metrichorsepower", "PS", "ps|koń mechaniczny|koni(?:e)? mechaniczn(?:e|ych)|кінськ(?:а|і|их) сил(?:а|и)?"],
  ["B", "B", `bytes?|bajt${masculine}`],
  ["kB", "kB", `kb|kilobytes?|kilobajt${masculine}`],
  ["MB", "MB", `mb|megabytes?|megabajt${masculine}`],
  ["GB", "GB", `gb|gigabytes?|gigabajt${masculine}`],
  ["TB", "TB", `tb|terabytes?|terabajt${masculine}`],
  ["KiB", "KiB", "kib|kibibytes?"],
  ["MiB", "MiB", "mib|mebibytes?"],
  ["GiB", "GiB", "gib|gibibytes?"],
  ["deg", "°", `°|deg|degrees?|stop(?:ni|nie|ień|nia)`],
  ["rad", "rad", `rad|radians?|radian${masculine}`],
];

const units = rows.map(([unit, symbol, names]) => ({
  unit,
  symbol,
  names: new RegExp(`^(?:${foldText(names)})$`, "u"),
}));

const money = new RegExp(
  foldText(
    "^(?:[$€£¥₴₪]|usd|eur|gbp|pln|uah|ils|nis|chf|jpy|czk|dollars?|euros?|pounds? sterling|z[łl](?:oty|otych|ote|otówek)?|dolar(?:y|ów|a)?|funt(?:y|ów|a)? szterling(?:i|ów|a)?|долар(?:и|ів|а)?|євро|грив(?:ня|ні|ень)|שקל(?:ים)?|דולר(?:ים)?|bitcoins?|btc)$",
  ),
  "u",
);

/** Normal spelling of a unit's name: folded, single spaces, straight quotes, no final full stop. */
const spell = (name: string): string =>
  foldText(name.replace(/[″”“״]/gu, '"').replace(/[′’׳]/gu, "'"))
    .replace(/\s+/gu, " ")
    .trim()
    .replace(/\.$/u, "");

/** The unit that a name or symbol means in English, Polish, Ukrainian or Hebrew; undefined when none. */
export const findUnit = (name: string): NamedUnit | undefined => {
  // "KM" is the Polish horsepower, "km" the kilometre; the only pair that differs by case alone.
  if (name.trim() === "KM") return { unit: "metrichorsepower", symbol: "KM" };
  const spelled = spell(name);
  const found = units.find((candidate) => candidate.names.test(spelled));
  return found && { unit: found.unit, symbol: found.symbol };
};

/** Whether a name is a currency, which is not converted here: rates change by the minute. */
export const isCurrency = (name: string): boolean => money.test(spell(name));
