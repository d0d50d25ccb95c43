import { createNameIndex, type NameIndex } from "./text/name-index.ts";

const regions =
  "AD AE AF AL AM AR AT AU AZ BA BD BE BG BR BY CA CH CL CN CO CR CU CY CZ DE DK EE EG ES ET FI FR GB GE GR HK HR HU ID IE IL IN IQ IR IS IT JO JP KE KR KZ LB LT LU LV MA MD ME MK MT MX MY NG NL NO NZ PE PH PK PL PS PT QA RO RS RU SA SE SG SI SK SY TH TN TR TW UA US UZ VE VN ZA".split(
    " ",
  );
const built: { index?: NameIndex } = {};

/** Polish and Ukrainian write adjectives of countries in lower case: a capital makes them part of a name. */
const adjective = /(?:ськ|цьк)\p{L}{1,3}$|(?:sk|ck)(?:i|a|ie|im|iego|iej|iemu|ą)$/u;

/** Whether a word names a country, in the languages spoken here and their cases. */
export const isCountry = (word: string): boolean => {
  if (built.index === undefined) {
    const index = createNameIndex({ acrossScripts: false });
    for (const locale of ["en", "pl", "uk", "he"]) {
      const names = new Intl.DisplayNames(locale, { type: "region" });
      for (const region of regions)
        for (const part of (names.of(region) ?? "").split(/[^\p{L}'’ʼ]+/u)) if (part.length > 3) index.add(part);
    }
    built.index = index;
  }
  return built.index.has(word) && !adjective.test(word);
};
