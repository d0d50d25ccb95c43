import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { ChatMessage } from "../../platform/models/model-gateway.ts";
import type { Home, HomeArea, HomeEntity } from "../home/home.ts";
import type { HomeTools } from "./client-tools.ts";
import { cutEntityList, type ExposedEntity, readEntityList } from "./entity-list.ts";

/** What a client says about its home in one request. */
export interface ClientHome {
  readonly home: Home;
  readonly exposed: readonly ExposedEntity[];
  /** Where the speaker's device stands. */
  readonly area?: string;
  readonly floor?: string;
}

type Kept = Pick<ClientHome, "home" | "exposed">;

const homesKept = 64;
const speaker = /You are in area ([^\n(]{1,80}?)(?: \(floor ([^\n)]{1,80})\))?(?: and all generic|[.\n]|$)/;

/**
 * Reads homes out of system messages. A home is kept by the hash of its list of entities, because the prompt around that
 * list (date, time, the speaker's area) is another one in every turn.
 */
export const createClientHomes = () => {
  const kept = new LRUCache<string, Kept>({ max: homesKept });
  return {
    /** Undefined where no system message describes a home. */
    read(messages: readonly ChatMessage[], tools: HomeTools): ClientHome | undefined {
      for (const message of messages) {
        if (message.role !== "system") continue;
        const list = cutEntityList(message.content);
        if (list === undefined) continue;
        const scripts = tools.scripts.flatMap(({ names }) => names);
        const key = createHash("sha256")
          .update(JSON.stringify([list, scripts]))
          .digest("base64");
        const known = kept.get(key) ?? toHome(readEntityList(list), tools);
        kept.set(key, known);
        const [, area, floor] = speaker.exec(message.content) ?? [];
        return { ...known, ...(area ? { area: area.trim() } : {}), ...(floor ? { floor: floor.trim() } : {}) };
      }
      return undefined;
    },
  };
};

const toHome = (exposed: readonly ExposedEntity[], { scripts }: HomeTools): Kept => {
  const areas = new Map<string, HomeArea>();
  for (const { areas: names } of exposed)
    if (names[0] !== undefined && !areas.has(names[0])) areas.set(names[0], { names });
  return {
    exposed,
    home: {
      entities: [
        ...exposed.map(toEntity),
        ...scripts.map(({ names, tool }) => ({ names, domain: "script", id: `script.${tool.name}` })),
      ],
      areas: [...areas.values()],
      floors: [],
    },
  };
};

const toEntity = ({ names, domain, areas, entityId, state, attributes }: ExposedEntity): HomeEntity => ({
  names,
  domain,
  ...(entityId === undefined ? {} : { id: entityId }),
  ...(areas[0] === undefined ? {} : { area: areas[0] }),
  ...(attributes.device_class === undefined ? {} : { deviceClass: attributes.device_class }),
  ...(state === undefined ? {} : { state }),
});
