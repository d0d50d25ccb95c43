import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutEntityList, readEntityList } from "../../../nodes/home-client/entity-list.ts";
import { homePrompt, yamlOf } from "../../support/home/home-client.ts";
import { leastCpuMs } from "../../support/least-cpu-ms.ts";

const read = (prompt: string) => readEntityList(cutEntityList(prompt) ?? "");

describe("the exposed entities of a prompt", () => {
  test("are read with names, aliases, areas, states and attributes", () => {
    const prompt = homePrompt({
      entities: [
        { names: "Kitchen Light, Worktop", domain: "light", areas: "Kitchen, Galley" },
        { names: "Air", domain: "climate", state: "off", attributes: { current_temperature: "21.5" } },
      ],
    });
    expect(read(prompt)).toEqual([
      { names: ["Kitchen Light", "Worktop"], domain: "light", areas: ["Kitchen", "Galley"], attributes: {} },
      { names: ["Air"], domain: "climate", areas: [], state: "off", attributes: { current_temperature: "21.5" } },
    ]);
  });

  test("may be folded, quoted, and followed by other text", () => {
    const prompt = [
      "An overview of the areas and the devices in this smart home:",
      "- names: 'Ada''s lamp, the one by the window, a very long name that goes",
      "    on: here'",
      "  domain: light",
      '- names: "Ki\\u0144ga"',
      "  domain: 'switch'",
      "  state: 'on'",
      "Answer in plain text.",
      "- names: Not a device",
      "  domain: light",
    ].join("\n");
    expect(read(prompt).map(({ names, domain, state }) => [names, domain, state])).toEqual([
      [["Ada's lamp", "the one by the window", "a very long name that goes on: here"], "light", undefined],
      [["Kińga"], "switch", "on"],
    ]);
  });

  test("may be keyed by entity id, as older versions wrote them", () => {
    const prompt = "devices in this smart home:\nlight.hall:\n  names: Hall\n  state: 'off'\n  areas: Hall\n";
    expect(read(prompt)).toEqual([
      { names: ["Hall"], domain: "light", areas: ["Hall"], entityId: "light.hall", state: "off", attributes: {} },
    ]);
  });

  test("may be a table whose names hold commas", () => {
    const prompt =
      "Devices:\n```csv\nentity_id,name,state,aliases\nlight.a,Lamp, the big one,on,big/huge\nnothing\n```\nlight.b,x,on,\n";
    expect(read(prompt)).toEqual([
      {
        names: ["Lamp, the big one", "big", "huge"],
        domain: "light",
        areas: [],
        entityId: "light.a",
        state: "on",
        attributes: {},
      },
    ]);
  });

  test("may be lines under headings of areas", () => {
    const prompt = "Devices:\n## Area: Kitchen\nlight.k 'Kitchen Light' = on;80%\nclimate.k 'Heat' = heat;21.5C\n";
    expect(read(prompt).map(({ names, areas, state, attributes }) => [names[0], areas[0], state, attributes])).toEqual([
      ["Kitchen Light", "Kitchen", "on", {}],
      ["Heat", "Kitchen", "heat", { current_temperature: "21.5", temperature_unit: "C" }],
    ]);
  });

  test("come back as they were written, whatever they are called", () => {
    const name = fc
      .stringMatching(/^[A-Za-zżółćїєґאבג][A-Za-zżółćїєґאבג '-]{0,30}[a-zא]$/)
      .filter((text) => !/ {2}|: /.test(text));
    const entity = fc.record({ names: name, domain: fc.constantFrom("light", "cover"), areas: name });
    fc.assert(
      fc.property(fc.array(entity, { minLength: 1, maxLength: 20 }), (entities) => {
        expect(
          read(`in this smart home:\n${yamlOf(entities)}\n`).map(({ names, domain, areas }) => ({
            names: names[0],
            domain,
            areas: areas[0],
          })),
        ).toEqual(entities);
      }),
    );
  });

  test.each([
    ["spaces", " ".repeat(100_000)],
    ["keys", "- names: a\n  domain: b\n".repeat(5_000)],
    ["quotes", `- names: ${"'".repeat(100_000)}`],
    ["open quotes", `- names: 'a\n${"  x\n".repeat(25_000)}`],
    ["commas", `entity_id,name,state\nlight.a${",".repeat(100_000)}`],
    ["device lines", "light.a 'x' = ".repeat(7_000)],
  ])("cost no more than 50 ms for 100 KB of %s", async (_, hostile) => {
    const prompt = `in this smart home:\n${hostile}`;
    const ms = await leastCpuMs(() => {
      readEntityList(cutEntityList(prompt) ?? "");
      readEntityList(hostile);
    });
    expect(ms).toBeLessThan(100); // both of them
  });
});
