import { english } from "./english.ts";
export const polish = { ...english, language: "pl" };
