/** Stems of colour adjectives by language; their endings make the words, so that "білка" and "białko" are none. */
const stems: Readonly<Record<string, { readonly pl: string; readonly uk: string }>> = {
  red: { pl: "czerwon", uk: "червон" },
  green: { pl: "zielon", uk: "зелен" },
  blue: { pl: "niebiesk błękitn", uk: "син блакитн" },
  yellow: { pl: "żółt", uk: "жовт" },
  orange: { pl: "pomarańczow", uk: "помаранчев оранжев" },
  purple: { pl: "fioletow", uk: "фіолетов" },
  white: { pl: "biał", uk: "біл" },
  black: { pl: "czarn", uk: "чорн" },
  burgundy: { pl: "bordow", uk: "бордов" },
  navy: { pl: "granatow", uk: "темно-син" },
  grey: { pl: "szar", uk: "сір" },
  brown: { pl: "brązow", uk: "коричнев" },
  pink: { pl: "różow", uk: "рожев" },
  beige: { pl: "beżow", uk: "бежев" },
};
const others: Readonly<Record<string, string>> = {
  red: "red, אדום, אדומה, אדומים, אדומות",
  green: "green, ירוק, ירוקה, ירוקים, ירוקות",
  blue: "blue, כחול, כחולה, כחולים, כחולות",
  yellow: "yellow, צהוב, צהובה, צהובים, צהובות",
  orange: "orange, כתום, כתומה, כתומים, כתומות",
  purple: "purple, violet, סגול, סגולה, סגולים, סגולות",
  white: "white, לבן, לבנה, לבנים, לבנות",
  black: "black, שחור, שחורה, שחורים, שחורות",
  burgundy: "burgundy, maroon, בורדו",
  navy: "navy, כחול כהה",
  grey: "grey, gray, אפור, אפורה, אפורים, אפורות",
  brown: "brown, חומה, חומים",
  pink: "pink, ורוד, ורודה, ורודים, ורודות",
  beige: "beige, בז'",
};
const polish = "y i a e ego iego ej iej emu iemu ą ym im ych ich ymi imi o".split(" ");
const ukrainian = "ий ій а я е є ого ього ої ьої ому ьому ій у ю ою ьою им ім і их іх ими іми о ьо".split(" ");

/** Colours by their ids, each with all its words, joined as other tables of words are. */
export const colourWords: readonly (readonly [id: string, names: string])[] = Object.entries(stems).map(
  ([id, { pl, uk }]) => {
    const forms = (list: string, endings: readonly string[]) =>
      list.split(" ").flatMap((stem) => endings.map((ending) => stem + ending));
    return [id, [others[id] ?? id, ...forms(pl, polish), ...forms(uk, ukrainian)].join(", ")];
  },
);
