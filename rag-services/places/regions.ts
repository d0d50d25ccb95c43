import { foldName } from "./fold-name.ts";

/** A country, or a part of one by its GeoNames code. */
export interface Region {
  readonly country: string;
  readonly admin1?: string;
}

const usStates =
  "AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware|DC District of Columbia|FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas|KY Kentucky|LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|MS Mississippi|MO Missouri|MT Montana|NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon|PA Pennsylvania|RI Rhode Island|SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|UT Utah|VT Vermont|VA Virginia|WA Washington|WV West Virginia|WI Wisconsin|WY Wyoming";
const usStatesElsewhere =
  "TX Teksas|CA Kalifornia|FL Floryda|LA Luizjana|AZ Arizona|PA Pensylwania|VA Wirginia|WV Wirginia Zachodnia|NC Karolina Północna|SC Karolina Południowa|ND Dakota Północna|SD Dakota Południowa|NM Nowy Meksyk|OH Ohio|TX Техас|CA Каліфорнія|FL Флорида|IL Іллінойс|TX טקסס|CA קליפורניה|FL פלורידה|IL אילינוי";
const canadianProvinces =
  "01 Alberta|02 British Columbia|03 Manitoba|04 New Brunswick|05 Newfoundland|07 Nova Scotia|08 Ontario|09 Prince Edward Island|10 Quebec|11 Saskatchewan";
const others: readonly (readonly [string, Region])[] = [
  ["USA", { country: "US" }],
  ["US", { country: "US" }],
  ["America", { country: "US" }],
  ["Stany", { country: "US" }],
  ["UK", { country: "GB" }],
  ["Great Britain", { country: "GB" }],
  ["Anglia", { country: "GB", admin1: "ENG" }],
  ["England", { country: "GB", admin1: "ENG" }],
  ["Scotland", { country: "GB", admin1: "SCT" }],
  ["Szkocja", { country: "GB", admin1: "SCT" }],
  ["Wales", { country: "GB", admin1: "WLS" }],
  ["Walia", { country: "GB", admin1: "WLS" }],
  ["Northern Ireland", { country: "GB", admin1: "NIR" }],
  ["Holland", { country: "NL" }],
  ["Holandia", { country: "NL" }],
  ["Czechy", { country: "CZ" }],
  ["Czech Republic", { country: "CZ" }],
];

const parts = (list: string, country: string): [string, Region][] =>
  list.split("|").map((entry) => {
    const space = entry.indexOf(" ");
    return [entry.slice(space + 1), { country, admin1: entry.slice(0, space) }];
  });

const stateNames: ReadonlyMap<string, string> = new Map(
  parts(usStates, "US").map(([name, region]) => [region.admin1 ?? "", name]),
);

/** A state of the USA by its code. */
export const usStateName = (code: string): string | undefined => stateNames.get(code);

/** Regions by folded name, for "Paris, Texas": countries in en, pl, uk, he, states of the USA, provinces of Canada. */
export interface Regions {
  /** Regions of a name; two-letter codes only as written, in capitals. */
  named(name: string): readonly Region[];
}

/** Makes the table of regions; country names come from ICU. */
export const createRegions = (): Regions => {
  const byName = new Map<string, Region[]>();
  const byCode = new Map<string, Region[]>();
  const add = (map: Map<string, Region[]>, key: string, region: Region) => {
    const known = map.get(key);
    if (known === undefined) map.set(key, [region]);
    else known.push(region);
  };
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  const names = ["en", "pl", "uk", "he"].map(
    (locale) => new Intl.DisplayNames([locale], { type: "region", fallback: "none" }),
  );
  for (const country of letters.flatMap((first) => letters.map((second) => first + second))) {
    for (const namesOf of names) {
      const name = namesOf.of(country);
      if (name !== undefined) add(byName, foldName(name), { country });
    }
    add(byCode, country, { country });
  }
  const states = parts(usStates, "US");
  for (const [name, region] of [
    ...states,
    ...parts(usStatesElsewhere, "US"),
    ...parts(canadianProvinces, "CA"),
    ...others,
  ]) {
    add(byName, foldName(name), region);
  }
  for (const [, region] of states) add(byCode, region.admin1 ?? "", region);
  return {
    named: (name) => (/^[A-Z]{2}$/.test(name) ? byCode.get(name) : undefined) ?? byName.get(foldName(name)) ?? [],
  };
};
