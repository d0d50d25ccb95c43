import type { HomeCommand } from "../home/home.ts";
import type { HomeTools } from "./client-tools.ts";
import type { ExposedEntity } from "./entity-list.ts";
import { fitArguments } from "./fit-arguments.ts";

/** A call that can be made: the declared tool's own name, arguments of its schema. */
export interface ReadyCall {
  readonly name: string;
  readonly arguments: Record<string, unknown>;
}

type Slots = Readonly<Record<string, string | number>>;

/** Tools that do the same where the first is not declared. */
const fallbacks: Readonly<Record<string, string>> = {
  HassShoppingListAddItem: "HassListAddItem",
  HassShoppingListCompleteItem: "HassListCompleteItem",
  HassListAddItem: "HassShoppingListAddItem",
  HassListCompleteItem: "HassShoppingListCompleteItem",
};

/**
 * The call of the client's tools that carries a command out; undefined when no declared tool can do just that. A client with
 * one tool for all services (`execute_services`) gets one action for each entity.
 */
export const callOf = (
  { intent, slots }: Pick<HomeCommand, "intent" | "slots">,
  tools: HomeTools,
  exposed: readonly ExposedEntity[],
): ReadyCall | undefined => {
  const script = slots.domain === "script" || intent === "HassTurnOn" ? scriptOf(slots, tools) : undefined;
  if (script) return intent === "HassTurnOn" ? { name: script, arguments: {} } : undefined;
  const wanted = tools.get(intent);
  if (wanted) {
    const fitted = fitArguments(wanted, argumentsOf(slots));
    return fitted && { name: wanted.name, arguments: fitted };
  }
  const other = tools.get(fallbacks[intent] ?? "");
  if (other) {
    const fitted = fitArguments(other, listArguments(slots, intent, exposed));
    return fitted && { name: other.name, arguments: fitted };
  }
  const execute = tools.get("execute_services");
  const list = execute && actionsOf(intent, slots, exposed);
  return execute && list && list.length > 0 ? { name: execute.name, arguments: { list } } : undefined;
};

const scriptOf = ({ name }: Slots, { scripts }: HomeTools): string | undefined => {
  const wanted = String(name ?? "").toLowerCase();
  return scripts.find(({ names }) => names.some((known) => known.toLowerCase() === wanted))?.tool.name;
};

/** A name says enough; only a thing without one is told apart by its kind. */
const argumentsOf = ({ name, device_class, ...slots }: Slots): Record<string, unknown> => ({
  ...(name === undefined || name === "all" ? {} : { name }),
  ...slots,
  ...(device_class === undefined || (name !== undefined && name !== "all") ? {} : { device_class }),
});

const listArguments = (slots: Slots, intent: string, exposed: readonly ExposedEntity[]): Record<string, unknown> => {
  if (!intent.startsWith("HassShopping")) return { item: slots.item };
  const lists = exposed.filter(({ domain }) => domain === "todo");
  const shopping = lists.find(({ names }) =>
    names.some((name) => /shop|grocer|zakup|покуп|продукт|קניות/iu.test(name)),
  );
  return { item: slots.item, name: (shopping ?? (lists.length === 1 ? lists[0] : undefined))?.names[0] };
};

interface Action {
  readonly domain: string;
  readonly service: string;
  readonly service_data: Readonly<Record<string, unknown>>;
}

const services: Readonly<Record<string, readonly [service: string, domain: string]>> = {
  HassLightSet: ["turn_on", "light"],
  HassSetPosition: ["set_cover_position", "cover"],
  HassClimateSetTemperature: ["set_temperature", "climate"],
  HassMediaPause: ["media_pause", "media_player"],
  HassMediaUnpause: ["media_play", "media_player"],
  HassMediaNext: ["media_next_track", "media_player"],
  HassMediaPrevious: ["media_previous_track", "media_player"],
  HassSetVolume: ["volume_set", "media_player"],
  HassVacuumStart: ["start", "vacuum"],
  HassVacuumReturnToBase: ["return_to_base", "vacuum"],
  HassListAddItem: ["add_item", "todo"],
};

const opened: Readonly<Record<string, readonly [on: string, off: string]>> = {
  cover: ["open_cover", "close_cover"],
  valve: ["open_valve", "close_valve"],
  lock: ["lock", "unlock"],
};

const actionsOf = (intent: string, slots: Slots, exposed: readonly ExposedEntity[]): Action[] | undefined => {
  const [service, domain] = services[intent] ?? [];
  if (!service && intent !== "HassTurnOn" && intent !== "HassTurnOff") return undefined;
  const data = dataOf(slots);
  return targetsOf(slots, domain, exposed).map(({ entityId = "", domain: own }) => ({
    domain: own,
    service:
      service ?? opened[own]?.[intent === "HassTurnOn" ? 0 : 1] ?? (intent === "HassTurnOn" ? "turn_on" : "turn_off"),
    service_data: { entity_id: entityId, ...data },
  }));
};

const dataOf = ({ brightness, color, temperature, position, volume_level, item }: Slots): Record<string, unknown> => ({
  ...(brightness === undefined ? {} : { brightness_pct: brightness }),
  ...(color === undefined ? {} : { color_name: color }),
  ...(temperature === undefined ? {} : { temperature }),
  ...(position === undefined ? {} : { position }),
  ...(volume_level === undefined ? {} : { volume_level: Number(volume_level) / 100 }),
  ...(item === undefined ? {} : { item }),
});

const isCalled = (names: readonly string[], wanted: string | number | undefined): boolean =>
  names.some((name) => name.toLowerCase() === String(wanted).toLowerCase());

/** The exposed entities that slots mean; without a name, an area or a kind they mean none. */
export const targetsOf = (
  { name, area, domain, device_class }: Slots,
  kind: string | undefined,
  exposed: readonly ExposedEntity[],
): ExposedEntity[] => {
  const named = name !== undefined && name !== "all";
  const wanted = domain ?? kind;
  if (!named && area === undefined && wanted === undefined) return [];
  return exposed.filter(
    (entity) =>
      (!named || isCalled(entity.names, name)) &&
      (area === undefined || isCalled(entity.areas, area)) &&
      (wanted === undefined || named || entity.domain === wanted) &&
      (kind === undefined || entity.domain === kind) &&
      (device_class === undefined || named || (entity.attributes.device_class ?? device_class) === device_class),
  );
};
