import { expect, test } from "vitest";
import { killEvents } from "../../support/kill-events.ts";
import { describeWithServer } from "../../support/servers.ts";

const kills = 10;

const survives = (bus: "embedded" | "nats") => () => {
  test(`${kills} kills of relays and consumers lose nothing, do nothing twice and keep the order`, {
    timeout: 240_000,
  }, async () => {
    const outcome = await killEvents({ kills, bus, killBroker: bus === "nats" });
    expect(outcome).toMatchObject({ kills, lost: 0, duplicated: 0, disordered: 0 });
    expect(outcome.committed).toBeGreaterThan(kills * 10);
    expect(outcome.repeated).toBeGreaterThan(0);
  });
};

describeWithServer("postgres", "on the embedded bus", survives("embedded"));
describeWithServer("postgres", "with PostgreSQL", () => describeWithServer("nats", "on NATS", survives("nats")));
