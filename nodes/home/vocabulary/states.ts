import type { StateKey } from "../home-lexicon.ts";

interface StateMeaning {
  /** Which binary sensors can be in it; the first is meant when nothing else is said. */
  readonly classes: readonly string[];
  /** What such a sensor then reports. */
  readonly binary: "on" | "off";
  /** What other domains report. */
  readonly direct?: string;
  /** Domains that report `direct`; any when absent. */
  readonly domains?: readonly string[];
}

const detecting = [
  "motion",
  "occupancy",
  "presence",
  "smoke",
  "gas",
  "carbon_monoxide",
  "moisture",
  "sound",
  "vibration",
  "light",
  "power",
  "problem",
  "tamper",
  "safety",
  "moving",
];
const openings = ["opening", "door", "garage_door", "window"];
const on = (...classes: readonly string[]): StateMeaning => ({ classes, binary: "on" });
const off = (...classes: readonly string[]): StateMeaning => ({ classes, binary: "off" });
const covers = ["cover", "valve"];

/** What each state word means in Home Assistant's own states. */
export const stateMeanings: Readonly<Record<StateKey, StateMeaning>> = {
  on: { ...on(), direct: "on" },
  off: { ...off(), direct: "off" },
  open: { ...on(...openings), direct: "open", domains: covers },
  closed: { ...off(...openings), direct: "closed", domains: covers },
  locked: { ...off("lock"), direct: "locked", domains: ["lock"] },
  unlocked: { ...on("lock"), direct: "unlocked", domains: ["lock"] },
  home: { ...on("presence"), direct: "home", domains: ["person", "device_tracker"] },
  away: { ...off("presence"), direct: "not_home", domains: ["person", "device_tracker"] },
  low: on("battery"),
  charged: off("battery"),
  charging: on("battery_charging"),
  notCharging: off("battery_charging"),
  connected: on("connectivity"),
  disconnected: off("connectivity"),
  cold: on("cold"),
  hot: on("heat"),
  normal: off("battery", "heat", "cold"),
  detected: on(...detecting),
  triggered: on(...detecting),
  clear: off(...detecting),
  wet: on("moisture"),
  dry: off("moisture"),
  plugged: on("plug"),
  unplugged: off("plug"),
  powered: on("power"),
  unpowered: off("power"),
  faulty: on("problem"),
  ok: off("problem"),
  running: on("running"),
  notRunning: off("running"),
  safe: off("safety"),
  unsafe: on("safety"),
  outdated: on("update"),
  upToDate: off("update"),
  vibrating: on("vibration"),
  still: off("vibration", "moving", "motion"),
  moving: on("motion", "moving"),
  occupied: on("occupancy"),
  vacant: off("occupancy"),
  tampered: on("tamper"),
  playing: { ...on(), direct: "playing", domains: ["media_player"] },
  paused: { ...on(), direct: "paused", domains: ["media_player", "vacuum"] },
  idle: { ...on(), direct: "idle", domains: ["media_player", "vacuum"] },
  cleaning: { ...on(), direct: "cleaning", domains: ["vacuum"] },
  docked: { ...on(), direct: "docked", domains: ["vacuum"] },
};

/** What a sensor of these kinds is asked for when no state is named: is there any smoke? */
export const detectingClasses: ReadonlySet<string> = new Set([...detecting, "update"]);
