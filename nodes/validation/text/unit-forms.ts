// Endings of nouns by how they are declined; a stem takes all of its class.
const endings: Readonly<Record<string, string>> = {
  plHard: "- a u owi em ie y ów om ami ach",
  plSoft: "- a u owi em e y i om ami ach",
  plFeminine: "- a y ę ą ie o om ami ach",
  plFeminineSoft: "a i ę ą e o om ami ach",
  plPlural: "om ami ach",
  ukHard: "- а у ові ом і и ів ам ами ах",
  ukSoft: "ь я ю еві ем і ів ям ями ях",
  ukFeminine: "- а и і у ою ам ами ах",
  ukFeminineSoft: "ь я і ю ею ям ями ях",
};

// Unit, class, stems.
const rows: readonly (readonly [string, string, string])[] = [
  ["degree", "plSoft", "stopni"],
  ["degree", "ukHard", "градус"],
  ["bar", "plHard", "bar"],
  ["bar", "ukHard", "бар"],
  ["hPa", "plSoft", "milibar hektopaskal"],
  ["hPa", "plHard", "milibar"],
  ["hPa", "ukHard", "мілібар"],
  ["kPa", "plSoft", "kilopaskal"],
  ["kPa", "ukSoft", "кілопаскал"],
  ["Pa", "plSoft", "paskal"],
  ["Pa", "ukSoft", "паскал"],
  ["in", "plSoft", "cal"],
  ["in", "ukHard", "дюйм"],
  ["ft", "plFeminine", "stop"],
  ["ft", "ukHard", "фут"],
  ["mi", "plFeminineSoft", "mil"],
  ["mi", "ukFeminineSoft", "мил"],
  ["yd", "ukHard", "ярд"],
  ["kn", "plHard", "węzł"],
  ["kn", "ukHard", "вузл"],
  ["g", "plHard", "gram"],
  ["g", "ukHard", "грам"],
  ["pound", "plHard", "funt"],
  ["pound", "ukHard", "фунт"],
  ["oz", "plFeminineSoft", "uncj"],
  ["oz", "ukFeminineSoft", "унці унц"],
  ["t", "plFeminine", "ton"],
  ["t", "ukFeminine", "тонн"],
  ["h", "plFeminine", "godzin"],
  ["day", "plPlural", "dni dob"],
  ["day", "ukHard", "дн"],
  ["day", "ukSoft", "дн"],
  ["week", "plSoft", "tygodni"],
  ["week", "ukSoft", "тижн"],
  ["month", "plSoft", "miesiąc"],
  ["month", "ukSoft", "місяц"],
  ["year", "plPlural", "lat"],
  ["year", "ukHard", "рок"],
  ["W", "plHard", "wat"],
  ["W", "ukHard", "ват"],
  ["kcal", "plFeminineSoft", "kalori kilokalori"],
  ["kcal", "ukFeminineSoft", "калорі кілокалорі"],
  ["acre", "plHard", "akr"],
  ["acre", "ukHard", "акр"],
  ["points", "plHard", "punkt"],
  ["points", "ukHard", "пункт бал"],
  ["cent", "plHard", "cent grosz pens"],
  ["cent", "ukHard", "пенс"],
  ["cent", "ukFeminine", "копійк"],
];

// What endings give besides: words of everyday speech that are no units.
const others = new Set("barze bari wacie stopie mila milo godzino latem дні дн рок год мил punktu пункту".split(" "));

/** Names of units in the cases of Polish and Ukrainian, each with the unit's id. */
export const unitForms = (): readonly (readonly [string, string])[] =>
  rows.flatMap(([id, kind, stems]) =>
    stems.split(" ").flatMap((stem) =>
      (endings[kind] ?? "")
        .split(" ")
        .map((ending) => stem + (ending === "-" ? "" : ending))
        .filter((form) => !others.has(form))
        .map((form) => [form, id] as const),
    ),
  );
