import { type Settings, secretSettings } from "./settings.ts";

/**
 * The parts of the settings that would open a door: whole secrets, each API key, and the passwords inside addresses.
 * Longest first; values under 8 characters are left out, because they turn up everywhere.
 */
export const secretValues = (settings: Settings): readonly string[] => {
  const values = Object.entries(settings).flatMap(([name, value]) => {
    if (typeof value !== "string") return [];
    const password = URL.canParse(value) ? new URL(value).password : "";
    const inAddress = [password, decodeURIComponent(password)];
    if (!secretSettings.has(name)) return inAddress;
    return [value, ...inAddress, ...value.split(",").map((entry) => entry.slice(entry.indexOf("=") + 1).trim())];
  });
  return [...new Set(values)].filter((value) => value.length >= 8).sort((a, b) => b.length - a.length);
};
