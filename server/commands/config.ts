import {
  Settings,
  secretSettings,
  settingsFromEnvironment,
  settingsInEnvironment,
} from "../../platform/config/settings.ts";

export interface ShownSetting {
  readonly name: string;
  /** Null: unset. */
  readonly value: string | number | readonly string[] | null;
  readonly source: "default" | "environment";
}

/** The last four characters; nothing of a secret that is too short to keep a secret then. */
const mask = (secret: string): string => `…${secret.length >= 12 ? secret.slice(-4) : ""}`;

/** An address without what may be private in it: name, password, query, and a feed's path. */
const maskAddress = (value: string, isFeed: boolean): string => {
  if (!URL.canParse(value)) return value;
  const url = new URL(value);
  if (url.username || url.password) url.username = "…";
  url.password = "";
  if (url.search) url.search = "?…";
  if (isFeed && url.pathname !== "/") url.pathname = "/…";
  return url.href === new URL(value).href ? value : decodeURIComponent(url.href);
};

/** Every setting with its value as it may be shown, in the order of `docs/settings.md`. */
export const showSettings = (settings: Settings, given: ReadonlySet<string>): readonly ShownSetting[] =>
  Object.keys(Settings.shape).map((name) => {
    const value = settings[name as keyof Settings] ?? null;
    const source = given.has(name) ? "environment" : "default";
    if (Array.isArray(value))
      return { name, source, value: value.map((item) => maskAddress(item, name.endsWith("_FEEDS"))) };
    if (typeof value !== "string") return { name, source, value: value as number | null };
    return {
      name,
      source,
      value: secretSettings.has(name) && source === "environment" ? mask(value) : maskAddress(value, false),
    };
  });

/** Prints the settings as a table, or as JSON. @throws {AppError} CONFIG_INVALID */
export const config = ({ json }: { readonly json: boolean }): void => {
  const shown = showSettings(settingsFromEnvironment(), settingsInEnvironment());
  if (json) return void process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
  const width = Math.max(...shown.map(({ name }) => name.length));
  for (const { name, value, source } of shown) {
    const text = value === null ? "(unset)" : Array.isArray(value) ? value.join(", ") || "(none)" : String(value);
    process.stdout.write(`${name.padEnd(width)}  ${source.padEnd(11)}  ${text}\n`);
  }
};
