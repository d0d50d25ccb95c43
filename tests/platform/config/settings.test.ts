import { expect, test } from "vitest";
import { loadSettings } from "../../../platform/config/settings.ts";

test("names every variable that cannot be used, and shows no secret", () => {
  const wrong = () =>
    loadSettings({
      ATHENA_PORT: "99999",
      ATHENA_TIMEZONE: "Mars/Olympus",
      ATHENA_LOCALE: "en_US",
      ATHENA_MASTER_KEY: "tooshort",
      // Longer than a timer can wait: it would fire all the time instead.
      ATHENA_REGISTRY_POLL_SECONDS: "9999999",
    });
  for (const name of [
    "ATHENA_PORT",
    "ATHENA_TIMEZONE",
    "ATHENA_LOCALE",
    "ATHENA_MASTER_KEY",
    "ATHENA_REGISTRY_POLL_SECONDS",
  ])
    expect(wrong).toThrow(name);
  expect(wrong).not.toThrow(/tooshort/);
});

test("an empty value counts as unset", () => {
  expect(loadSettings({ ATHENA_PORT: "", ATHENA_TIMEZONE: "Europe/Kyiv" })).toMatchObject({
    ATHENA_PORT: 8000,
    ATHENA_TIMEZONE: "Europe/Kyiv",
  });
});
