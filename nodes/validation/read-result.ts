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

const stateOf = ({ domain, state, attributes }: ExposedEntity): string | undefined => {
  const pair = domain === "binary_sensor" ? sensorStates[attributes.device_class ?? ""] : undefined;
  return pair && (state === "on" || state === "off") ? pair[state === "on" ? 0 : 1] : state;
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
          state: stateOf(entity),
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
    return Object.fromEntries(Object.entries(result).map(([key, value]) => [key, readResult(value, depth + 1)]));
  return result;
};
