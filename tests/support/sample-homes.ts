import type { Home } from "../../nodes/home/home.ts";

/** A flat as its owner would set it up, with plain names. */
export const englishHome: Home = {
  floors: [{ names: ["Upstairs"], id: "up" }],
  areas: [
    { names: ["Kitchen"], id: "kitchen" },
    { names: ["Living Room"], id: "living" },
    { names: ["Study"], id: "study", floor: "up" },
    { names: ["Garage"], id: "garage" },
  ],
  entities: [
    { names: ["Reading Lamp"], domain: "light", area: "living" },
    { names: ["Kitchen Spots"], domain: "light", area: "kitchen" },
    { names: ["Desk Fan"], domain: "fan", area: "study" },
    { names: ["Patio Blind"], domain: "cover", deviceClass: "blind", area: "living" },
    { names: ["Garden Gate Lock"], domain: "lock" },
    { names: ["Cellar Door"], domain: "binary_sensor", deviceClass: "door" },
    { names: ["Hallway"], domain: "binary_sensor", deviceClass: "motion" },
    { names: ["Dryer"], domain: "binary_sensor", deviceClass: "running" },
    { names: ["Greenhouse"], domain: "sensor", deviceClass: "humidity" },
    { names: ["Sonos"], domain: "media_player", area: "living" },
    { names: ["Dusty"], domain: "vacuum" },
    { names: ["Boiler"], domain: "climate", area: "kitchen" },
    { names: ["Movie Night"], domain: "scene" },
    { names: ["Goodbye"], domain: "script" },
    { names: ["Errands"], domain: "todo" },
    { names: ["Sprinkler"], domain: "valve" },
    { names: ["Marta"], domain: "person" },
    { names: ["Oslo"], domain: "weather" },
  ],
};

/** Names as a Polish owner writes them: in the nominative only. */
export const polishHome: Home = {
  floors: [{ names: ["Parter"] }, { names: ["Poddasze"] }],
  areas: [
    { names: ["Kuchnia"] },
    { names: ["Sypialnia"] },
    { names: ["Łazienka"] },
    { names: ["Ogród"] },
    { names: ["Pokój gościnny"] },
  ],
  entities: [
    { names: ["Lampa stojąca"], domain: "light", area: "Sypialnia" },
    { names: ["Kinkiet przy łóżku"], domain: "light", area: "Sypialnia" },
    { names: ["Roleta kuchenna"], domain: "cover", deviceClass: "blind", area: "Kuchnia" },
    { names: ["Brama wjazdowa"], domain: "cover", deviceClass: "gate", area: "Ogród" },
    { names: ["Ekspres do kawy"], domain: "switch", area: "Kuchnia" },
    { names: ["Drzwi wejściowe"], domain: "lock" },
    { names: ["Zmywarka"], domain: "binary_sensor", deviceClass: "running" },
    { names: ["Okno łazienkowe"], domain: "binary_sensor", deviceClass: "window", area: "Łazienka" },
    { names: ["Telewizor"], domain: "media_player", area: "Sypialnia" },
    { names: ["Wieczór filmowy"], domain: "scene" },
    { names: ["Remont"], domain: "todo" },
    { names: ["Kasia"], domain: "person" },
    { names: ["Szklarnia"], domain: "sensor", deviceClass: "humidity" },
  ],
};
