/** What Home Assistant's own language-model helper sends: the tools of Assist and the prompt with the exposed entities. */

const text = { type: "string" };
const texts = { type: "array", items: { type: "string" } };
const where = { name: text, area: text, floor: text };
const target = {
  ...where,
  domain: texts,
  device_class: {
    type: "array",
    items: {
      type: "string",
      enum: ["awning", "blind", "curtain", "door", "garage", "gate", "shade", "shutter", "window", "outlet", "switch"],
    },
  },
};
const percent = { type: "integer", minimum: 0, maximum: 100 };

const parameters: Readonly<Record<string, readonly [properties: object, required: readonly string[]]>> = {
  HassTurnOn: [target, []],
  HassTurnOff: [target, []],
  HassLightSet: [
    { ...where, domain: texts, color: text, temperature: { type: "integer", minimum: 0 }, brightness: percent },
    [],
  ],
  HassSetPosition: [{ ...target, position: percent }, ["position"]],
  HassClimateSetTemperature: [{ ...where, temperature: { type: "number" } }, ["temperature"]],
  HassMediaPause: [where, []],
  HassMediaUnpause: [where, []],
  HassMediaNext: [where, []],
  HassMediaPrevious: [where, []],
  HassSetVolume: [{ ...where, volume_level: percent }, ["volume_level"]],
  HassMediaSearchAndPlay: [
    { ...where, search_query: text, media_class: { type: "string", enum: ["album", "artist", "track", "playlist"] } },
    ["search_query"],
  ],
  HassVacuumStart: [where, []],
  HassVacuumReturnToBase: [where, []],
  HassListAddItem: [{ item: text, name: text }, ["item", "name"]],
  HassStartTimer: [
    {
      hours: { type: "integer" },
      minutes: { type: "integer" },
      seconds: { type: "integer" },
      name: text,
      conversation_command: text,
    },
    [],
  ],
  HassCancelTimer: [
    {
      start_hours: { type: "integer" },
      start_minutes: { type: "integer" },
      start_seconds: { type: "integer" },
      name: text,
      area: text,
    },
    [],
  ],
  HassCancelAllTimers: [{ area: text }, []],
  HassTimerStatus: [{ name: text, area: text }, []],
  HassBroadcast: [{ message: text }, ["message"]],
  GetDateTime: [{}, []],
  GetLiveContext: [{ name: text, domain: { anyOf: [text, texts] }, area: text }, []],
};

export interface HomeTool {
  readonly type: "function";
  readonly function: { readonly name: string; readonly description: string; readonly parameters: object };
}

export const scriptTool = (name: string, aliases: readonly string[] = []): HomeTool => ({
  type: "function",
  function: {
    name,
    description:
      aliases.length > 0 ? `A script. Aliases: [${aliases.map((alias) => `'${alias}'`).join(", ")}]` : "A script.",
    parameters: { type: "object", required: [], properties: {} },
  },
});

/** The tools of Assist, all or those named; with the prefix that merged APIs give them. */
export const homeTools = ({
  only,
  without = [],
  prefix = "",
}: {
  only?: readonly string[];
  without?: readonly string[];
  prefix?: string;
} = {}): HomeTool[] =>
  Object.entries(parameters)
    .filter(([name]) => (only === undefined || only.includes(name)) && !without.includes(name))
    .map(([name, [properties, required]]) => ({
      type: "function",
      function: { name: `${prefix}${name}`, description: name, parameters: { type: "object", required, properties } },
    }));

export const locationTool: HomeTool = {
  type: "function",
  function: {
    name: "GetCurrentLocation",
    description: "Where the user is",
    parameters: { type: "object", required: [], properties: {} },
  },
};

export interface Exposed {
  readonly names: string;
  readonly domain: string;
  readonly areas?: string;
  readonly state?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

const quoted = (value: string): string =>
  /^(?:on|off|yes|no|true|false|null|[\d.-]+|.*[:#'].*)$/.test(value) ? `'${value.replaceAll("'", "''")}'` : value;

/** A list of maps as PyYAML writes it. */
export const yamlOf = (entities: readonly Exposed[]): string =>
  entities
    .map(({ attributes, ...fields }) =>
      [
        ...Object.entries(fields).map(([key, value], index) => `${index === 0 ? "- " : "  "}${key}: ${quoted(value)}`),
        ...(attributes
          ? ["  attributes:", ...Object.entries(attributes).map(([key, value]) => `    ${key}: ${quoted(value)}`)]
          : []),
      ].join("\n"),
    )
    .join("\n");

export interface PromptOptions {
  readonly entities?: readonly Exposed[];
  readonly area?: string;
  readonly floor?: string;
  readonly time?: string;
}

/** The system prompt of one turn. */
export const homePrompt = ({ entities = house, area, floor, time = "18:04:11" }: PromptOptions = {}): string =>
  [
    `Current time is ${time}. Today's date is 2026-11-21.`,
    "You are a voice assistant for Home Assistant.",
    "Answer questions about the world truthfully.",
    "Answer in plain text. Keep it simple and to the point.",
    "When controlling Home Assistant always call the intent tools. Use HassTurnOn to lock and HassTurnOff to unlock a lock.",
    area === undefined
      ? "When a user asks to turn on all devices of a specific type, ask user to specify an area, unless there is only one device of that type."
      : `You are in area ${area}${floor ? ` (floor ${floor})` : ""} and all generic commands like 'turn on the lights' should target this area.`,
    "This device is not able to start timers.",
    "You ARE equipped to answer questions about the current state of\nthe home using the `GetLiveContext` tool.",
    "Static Context: An overview of the areas and the devices in this smart home:",
    yamlOf(entities),
    "",
  ].join("\n");

/** A house with two lamps in the bedroom, one name in two rooms, and aliases. */
export const house: readonly Exposed[] = [
  { names: "Bedside Lamp", domain: "light", areas: "Bedroom" },
  { names: "Ceiling Lamp", domain: "light", areas: "Bedroom" },
  { names: "Counter Light, Worktop", domain: "light", areas: "Kitchen" },
  { names: "Kitchen Light", domain: "light", areas: "Kitchen" },
  { names: "Desk", domain: "light", areas: "Office, Study" },
  { names: "Ceiling Fan", domain: "fan", areas: "Office, Study" },
  { names: "Heater", domain: "switch", areas: "Bedroom" },
  { names: "Heater", domain: "switch", areas: "Office, Study" },
  { names: "Front Door", domain: "lock", areas: "Hall" },
  { names: "Left Curtain", domain: "cover", areas: "Living Room" },
  { names: "Right Curtain", domain: "cover", areas: "Living Room" },
  { names: "Thermostat", domain: "climate", areas: "Living Room" },
  { names: "TV", domain: "media_player", areas: "Living Room" },
  { names: "Rover", domain: "vacuum" },
  { names: "Shopping List", domain: "todo" },
  { names: "Movie Night", domain: "scene" },
  { names: "Window Sensor", domain: "binary_sensor", areas: "Bedroom" },
  { names: "Outside Temperature", domain: "sensor" },
];

/** The same house in Ukrainian and in Hebrew, as far as the tests need it. */
export const ukrainianHouse: readonly Exposed[] = [
  { names: "Лампа на столі", domain: "light", areas: "Спальня" },
  { names: "Лампа під стелею", domain: "light", areas: "Спальня" },
  { names: "Світло на кухні", domain: "light", areas: "Кухня" },
  { names: "Вхідні двері", domain: "lock", areas: "Коридор" },
];

export const hebrewHouse: readonly Exposed[] = [
  { names: "מנורת לילה", domain: "light", areas: "חדר שינה" },
  { names: "אור תקרה", domain: "light", areas: "סלון" },
  { names: "תריס גדול", domain: "cover", areas: "סלון" },
  { names: "דלת כניסה", domain: "lock", areas: "מבואה" },
];

export const polishHouse: readonly Exposed[] = [
  { names: "Lampka nocna", domain: "light", areas: "Sypialnia" },
  { names: "Światło w kuchni", domain: "light", areas: "Kuchnia" },
  { names: "Rolety", domain: "cover", areas: "Salon" },
];

/** What `GetLiveContext` gives back. */
export const liveContext = (entities: readonly Exposed[]): string =>
  JSON.stringify({
    success: true,
    result: `Live Context: An overview of the areas and the devices in this smart home:\n${yamlOf(entities)}\n`,
  });

/** What an intent's tool gives back when it was carried out. */
export const actionDone = (
  success: readonly { name: string; type: string; id?: string }[],
  failed: readonly { name: string; type: string }[] = [],
): string => JSON.stringify({ speech: {}, response_type: "action_done", data: { targets: [], success, failed } });
