import { cutEntityList, type ExposedEntity, readEntityList } from "../home-client/entity-list.ts";

const longestRead = 200_000;
const deepest = 6;

/** What "on" and "off" mean for a binary sensor of Home Assistant, by its device class. */
const sensorStates: Readonly<Record<string, readonly [on: string, off: string]>> = {
  door: ["open", "closed"],
  window: ["open", "closed"],
  opening: ["open", "closed"],
  garage_door: ["open", "closed"],
  lock: ["unlocked", "locked"],
  plug: ["plugged in", "unplugged"],
  battery_charging: ["charging", "not charging"],
};

/** States that are a way of being on or off, by domain. */
const waysOf: Readonly<Record<string, readonly [on: RegExp, off: RegExp]>> = {
  climate: [/^(?:heat|cool|heat_cool|auto|dry|fan_only)$/, /^$/],
  water_heater: [/^(?:eco|electric|gas|performance|heat_pump|high_demand)$/, /^$/],
  media_player: [/^(?:playing|paused|buffering)$/, /^standby$/],
  alarm_control_panel: [/^(?:armed_\w{1,20}|triggered|arming)$/, /^disarmed$/],
  vacuum: [/^(?:cleaning|returning)$/, /^(?:docked|idle)$/],
};

type Stateful = Pick<ExposedEntity, "domain" | "state"> & { readonly deviceClass: string | undefined };

const stateOf = ({ domain, state, deviceClass }: Stateful): string | undefined => {
  if (domain === "binary_sensor" && (state === "on" || state === "off")) {
    const pair = sensorStates[deviceClass ?? ""];
    return pair ? pair[state === "on" ? 0 : 1] : state;
  }
  const way = waysOf[domain]?.findIndex((states) => states.test(state ?? "")) ?? -1;
  return way < 0 ? state : `${way === 0 ? "on" : "off"}, ${state?.replaceAll("_", " ")}`;
};

/** The state of an entity as Home Assistant's own interface writes it. */
const readEntity = (entity: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  const { entity_id: id, domain = id, state, attributes, device_class: own } = entity;
  if (typeof domain !== "string" || typeof state !== "string" || state.length > 40) return entity;
  const deviceClass = own ?? (attributes as { device_class?: unknown } | null | undefined)?.device_class;
  const of = { domain: domain.split(".")[0] ?? "", state };
  return {
    ...entity,
    state: stateOf({ ...of, deviceClass: typeof deviceClass === "string" ? deviceClass : undefined }),
  };
};

const readText = (text: string, depth: number): unknown => {
  if (text.length > longestRead) return text;
  const start = text.trimStart()[0];
  if (start === "{" || start === "[") {
    try {
      return readResult(JSON.parse(text), depth + 1);
    } catch {
      return text;
    }
  }
  const list = text.includes("\n") ? cutEntityList(text) : undefined;
  const entities = list === undefined ? [] : readEntityList(list);
  return entities.length === 0
    ? text
    : {
        entities: entities.map((entity) => ({
          name: entity.names.join(", "),
          domain: entity.domain,
          area: entity.areas.join(", "),
          state: stateOf({ ...entity, deviceClass: entity.attributes.device_class }),
          ...entity.attributes,
        })),
      };
};

/**
 * A tool's result with what stands in its texts as data: JSON in a string (also twice over), and Home Assistant's lists of
 * entities with what their states mean. Other texts, and very long ones, stay texts.
 */
export const readResult = (result: unknown, depth = 0): unknown => {
  if (depth > deepest) return result;
  if (typeof result === "string") return readText(result, depth);
  if (Array.isArray(result)) return result.map((item) => readResult(item, depth + 1));
  if (result !== null && typeof result === "object")
    return Object.fromEntries(
      Object.entries(readEntity(result as Record<string, unknown>)).map(([key, value]) => [
        key,
        readResult(value, depth + 1),
      ]),
    );
  return result;
};
