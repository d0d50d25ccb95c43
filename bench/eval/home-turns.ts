import type { Home } from "../../nodes/home/home.ts";
import type { HomeParser } from "../../nodes/home/home-parser.ts";
import { createClientHomes } from "../../nodes/home-client/client-home.ts";
import { createHomeDialogue } from "../../nodes/home-client/home-dialogue.ts";

/** Slots of the default intents; the tools take any of them, so that only what is understood decides. */
const parameters = {
  type: "object",
  properties: Object.fromEntries(
    "name area floor domain device_class color brightness temperature position volume_level volume_step item message hours minutes seconds start_hours start_minutes start_seconds conversation_command search_query media_class state preferred_area_id"
      .split(" ")
      .map((slot) => [slot, {}]),
  ),
};

const intents =
  "HassTurnOn HassTurnOff HassLightSet HassSetPosition HassClimateSetTemperature HassSetVolume HassSetVolumeRelative HassMediaPause HassMediaUnpause HassMediaNext HassMediaPrevious HassMediaSearchAndPlay HassVacuumStart HassVacuumReturnToBase HassListAddItem HassListCompleteItem HassShoppingListAddItem HassShoppingListCompleteItem HassStartTimer HassCancelTimer HassCancelAllTimers HassIncreaseTimer HassDecreaseTimer HassPauseTimer HassUnpauseTimer HassTimerStatus HassBroadcast GetLiveContext".split(
    " ",
  );
const reading: ReadonlySet<string> = new Set(["GetLiveContext", "HassTimerStatus"]);
const tools = intents.map((name) => ({ name, parameters }));

/** One condition for each language; with it an order is none for now. */
const conditions: Readonly<Record<string, string>> = {
  en: "if it rains",
  pl: "jeśli pada",
  uk: "якщо йде дощ",
  he: "אם יורד גשם",
};

const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** The list of exposed entities as Home Assistant writes it into its prompt. */
const overviewOf = ({ entities, areas }: Home): string =>
  entities
    .map(({ names, domain, area, deviceClass }) => {
      const place = areas.find(({ id, names: known }) => id === area || known.includes(area ?? ""));
      return [
        `- names: ${quoted(names.join(", "))}`,
        `  domain: ${domain}`,
        ...(place ? [`  areas: ${quoted(place.names.join(", "))}`] : []),
        ...(deviceClass ? ["  attributes:", `    device_class: ${deviceClass}`] : []),
      ].join("\n");
    })
    .join("\n");

/** What a turn of a home's client leads to: the names of the calls that read, and of those that change something. */
export interface HomeTurnCalls {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

/** Plays sentences as turns of a client that controls a home, without a model. */
export const createHomeTurns = (parser: HomeParser) => {
  const decide = createHomeDialogue({ parser, homes: createClientHomes(), hasModel: () => false, say: (key) => key });
  const turn = (text: string, language: string, home: Home | undefined, area: string | undefined): HomeTurnCalls => {
    const place = area === undefined ? "" : `\nYou are in area ${area} and all generic commands should target it.`;
    const system = `You are a voice assistant.${place}\nStatic Context: An overview of the areas and the devices in this smart home:\n${home ? overviewOf(home) : ""}\n`;
    const decision = decide({
      messages: [
        { role: "system", content: system },
        { role: "user", content: text },
      ],
      tools,
      toolChoice: undefined,
      parallelToolCalls: undefined,
      parts: [],
      locale: language,
    });
    const names = decision?.kind === "calls" ? decision.calls.map(({ name }) => name) : [];
    return { reads: names.filter((name) => reading.has(name)), writes: names.filter((name) => !reading.has(name)) };
  };
  return {
    turn,
    /** The same sentence behind a condition and as a question with one: nothing may be changed. */
    heldBack: (text: string, language: string, home: Home | undefined, area: string | undefined): HomeTurnCalls[] => {
      const condition = conditions[language] ?? conditions.en!;
      return [`${condition}, ${text}`, `${text} ${condition}`].map((held) => turn(held, language, home, area));
    },
  };
};
