import type { ColourKey } from "./vocabulary/colours.ts";

/** What a verb asks for, before the thing it is said of decides which intent that is. */
export type ActionKey =
  | "on" // turn on, activate, light
  | "off" // turn off, deactivate
  | "open" // open, raise, uncover
  | "close" // close, lower, cover
  | "lock"
  | "unlock"
  | "change" // set, change, make, turn (… to 50 %)
  | "increase" // raise, turn up, extend
  | "decrease" // lower, turn down, shorten
  | "start" // start, run, launch
  | "stop" // stop, halt
  | "cancel" // cancel, delete (a timer)
  | "pause"
  | "resume" // unpause, continue
  | "next" // next, skip
  | "previous" // previous, go back
  | "play"
  | "add" // add, put (milk on a list; five minutes to a timer)
  | "remove" // remove, take (milk off a list; five minutes off a timer)
  | "complete" // check off, tick off
  | "return" // return, send home (a vacuum)
  | "clean" // vacuum the hall
  | "announce"; // broadcast, announce, tell everyone

/** Things one can speak of. Sensor kinds have the name of Home Assistant's device class. */
export type NounKey =
  | "light"
  | "switch"
  | "fan"
  | "cover"
  | "awning"
  | "blind"
  | "curtain"
  | "damper"
  | "door"
  | "garage"
  | "gate"
  | "shade"
  | "shutter"
  | "window"
  | "lock"
  | "climate"
  | "valve"
  | "vacuum"
  | "base" // where a vacuum charges
  | "media_player"
  | "scene"
  | "script"
  | "automation"
  | "timer"
  | "shoppingList"
  | "list"
  | "person" // people, persons
  | "device" // devices, things, anything: any domain
  | "music" // music, song, track, show: what is playing
  // attributes
  | "volume"
  | "brightness"
  | "colour"
  | "position"
  | "value" // value, state, status, level, reading
  | "remaining" // how much time is left, as one phrase
  | "weather"
  // sensor kinds, as adjective or noun: "smoke", "smoke detector", "battery level"
  | "apparent_power"
  | "aqi"
  | "atmospheric_pressure"
  | "battery"
  | "carbon_dioxide"
  | "carbon_monoxide"
  | "connectivity"
  | "current"
  | "data_rate"
  | "data_size"
  | "date"
  | "distance"
  | "duration"
  | "energy"
  | "energy_storage"
  | "frequency"
  | "gas"
  | "humidity"
  | "illuminance"
  | "irradiance"
  | "moisture"
  | "monetary"
  | "motion"
  | "nitrogen_dioxide"
  | "nitrogen_monoxide"
  | "nitrous_oxide"
  | "occupancy"
  | "opening"
  | "ozone"
  | "ph"
  | "plug"
  | "pm1"
  | "pm10"
  | "pm25"
  | "power"
  | "power_factor"
  | "precipitation"
  | "precipitation_intensity"
  | "presence"
  | "pressure"
  | "problem"
  | "reactive_power"
  | "safety"
  | "signal_strength"
  | "smoke"
  | "sound"
  | "sound_pressure"
  | "speed"
  | "sulphur_dioxide"
  | "tamper"
  | "temperature"
  | "update"
  | "vibration"
  | "volatile_organic_compounds"
  | "voltage"
  | "volume_storage"
  | "water"
  | "weight"
  | "wind_speed";

/** What something can be in. Which device classes know it stands in `vocabulary/states.ts`. */
export type StateKey =
  | "on"
  | "off"
  | "open"
  | "closed"
  | "locked"
  | "unlocked"
  | "home"
  | "away"
  | "low" // of a battery
  | "charged" // full, normal: of a battery
  | "charging"
  | "notCharging"
  | "connected"
  | "disconnected"
  | "cold"
  | "hot"
  | "normal" // neither cold nor hot nor low
  | "detected" // found, present: smoke, gas, motion, sound …
  | "triggered"
  | "clear" // nothing found
  | "wet" // wet, flooded, leaking
  | "dry"
  | "plugged"
  | "unplugged"
  | "powered"
  | "unpowered"
  | "faulty" // has a problem
  | "ok"
  | "running" // running, active, also of timers
  | "notRunning"
  | "safe"
  | "unsafe"
  | "outdated" // an update is available
  | "upToDate"
  | "vibrating"
  | "still"
  | "moving"
  | "occupied"
  | "vacant"
  | "tampered"
  | "playing"
  | "paused"
  | "idle"
  | "cleaning"
  | "docked";

/** How a question begins. */
export type QuestionKey =
  | "whether" // is, are, czy, чи, האם; also "tell me if"
  | "exists" // is there, are there: any thing of a kind, never one named
  | "which"
  | "howMany"
  | "what" // what is, how much: asks for a value
  | "where"
  | "who"
  | "other"; // why, when, did: never an order, and not answerable from a state

/** Small words that say how the others hang together. */
export type RelationKey =
  | "in" // before a place
  | "to" // before a value or a list
  | "from" // before a timer or list something is taken from
  | "on" // before the player something plays on
  | "by" // before an amount of change
  | "after" // before a delay: in five minutes
  | "for" // before a timer's length or name
  | "named"
  | "and";

export type ScopeKey =
  | "all"
  | "any"
  | "here" // here, in this room
  | "everywhere"; // in the whole house: the speaker's area does not count

export type UnitKey = "percent" | "degree" | "celsius" | "fahrenheit" | "hour" | "minute" | "second" | "step";

/** Kinds of media that may stand before a title. Values are Home Assistant's media classes. */
export type MediaKey =
  | "album"
  | "artist"
  | "track"
  | "playlist"
  | "podcast"
  | "movie"
  | "tv_show"
  | "genre"
  | "channel";

export type SayingKey = "nevermind" | "respond" | "time" | "date";

/**
 * One language's words for speaking about a home: data only. Every phrase is written in lower case, with
 * `(a|b)` for a choice, `[x]` for an optional part and `*` at the end of a word for any further letters;
 * choices and optional parts may stand inside words: `lamp(a|ę|y)`. A phrase may stand under several keys.
 * A longer phrase beats a shorter one at the same place.
 */
export interface HomeLexicon {
  readonly language: string;
  /** Letters that this language writes together with the next word, such as ב, ל, ה; longest combinations included. */
  readonly gluedPrefixes: readonly string[];
  /** Endings that a home's own names take in sentences, the empty one included; [] where names stay as they are. */
  readonly nameEndings: readonly string[];
  readonly actions: Readonly<Record<ActionKey, readonly string[]>>;
  /** Verbs of `on` and `off` that only lights have: light up, illuminate. */
  readonly lighting?: Readonly<Record<"on" | "off", readonly string[]>>;
  /** Words that finish a `change` verb or stand alone as an order: turn the fan ON, lights OFF. [] where there are none. */
  readonly particles: Readonly<Record<"on" | "off" | "open" | "close" | "increase" | "decrease", readonly string[]>>;
  readonly nouns: Readonly<Record<NounKey, readonly string[]>>;
  readonly states: Readonly<Record<StateKey, readonly string[]>>;
  readonly questions: Readonly<Record<QuestionKey, readonly string[]>>;
  readonly relations: Readonly<Record<RelationKey, readonly string[]>>;
  readonly scopes: Readonly<Record<ScopeKey, readonly string[]>>;
  readonly units: Readonly<Record<UnitKey, readonly string[]>>;
  /** Number words; values of neighbouring words are added (twenty five), hundreds multiply what stands before. */
  readonly numbers: readonly (readonly [phrase: string, value: number])[];
  /** What stands between a number's words and its decimals: twenty POINT five. */
  readonly decimalMarks?: readonly string[];
  /** Words for a half after a number or before a unit: five AND A HALF minutes, HALF AN hour. */
  readonly halves: readonly string[];
  /** Lengths of time in one phrase, in seconds: a quarter of an hour → 900. */
  readonly lengths: readonly (readonly [phrase: string, seconds: number])[];
  readonly colours: Readonly<Record<ColourKey, readonly string[]>>;
  readonly levels: Readonly<Record<"maximum" | "minimum", readonly string[]>>;
  readonly media: Readonly<Record<MediaKey, readonly string[]>>;
  /** Whole sentences, politeness aside. */
  readonly sayings: Readonly<Record<SayingKey, readonly string[]>>;
  /** Everyone, anybody: a question about people that names none. */
  readonly people: readonly string[];
  /** Ways to ask for an order politely: "could you". A question mark after them is no question. */
  readonly requests: readonly string[];
  readonly negations: readonly string[];
  /** if, when, unless, until. */
  readonly conditions: readonly string[];
  /** Words without weight: articles, please, my, now, the copula. */
  readonly fillers: readonly string[];
  /** Where this language's sentences in Home Assistant give slots differently. */
  readonly slotStyle: SlotStyle;
}

export interface SlotStyle {
  /** Orders to whole groups that also carry `name: all`: the domain, and which of on and off. */
  readonly allName: readonly { readonly domain: string; readonly intents: readonly ("HassTurnOn" | "HassTurnOff")[] }[];
  /** Whether an order to a cover by its name also carries its domain and device class. */
  readonly coverWithClass: boolean;
}
