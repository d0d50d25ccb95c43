import type { HomeCommand } from "../home/home.ts";
import type { BoundedReader } from "./bounded-reader.ts";
import { callOf, type ReadyCall, targetsOf } from "./call-of.ts";
import type { ClientHome } from "./client-home.ts";
import type { HomeTools } from "./client-tools.ts";
import type { ExposedEntity } from "./entity-list.ts";
import type { HomeWords } from "./home-words.ts";
import type { SaidCommand } from "./said-command.ts";
import { isSameWord, wordsOf } from "./same-word.ts";
import { jointsOf } from "./split-commands.ts";

/** One of the things that an unclear order may mean. */
export interface Option {
  readonly label: string;
  readonly meaning: () => Resolved;
}

/** What is to be done about one order or question. */
export type Resolved =
  | { readonly kind: "call"; readonly command: HomeCommand; readonly call: ReadyCall }
  | { readonly kind: "read"; readonly command: HomeCommand; readonly text: string }
  | { readonly kind: "ask"; readonly key: "home.which" | "home.which_area"; readonly options: readonly Option[] }
  /** The room is to be asked of the client first. */
  | { readonly kind: "locate" }
  /** It is an order, but what it names is not in the home. */
  | { readonly kind: "missing"; readonly what: string }
  /** It goes on after an order, and is not understood. */
  | { readonly kind: "left_over"; readonly what: string }
  | { readonly kind: "nevermind" }
  /** No tool of the client does it, or it must not be acted on. */
  | { readonly kind: "none" };

export interface ResolveContext {
  readonly tools: HomeTools;
  readonly client: ClientHome | undefined;
  /** Where the speaker is, when that is known. */
  readonly area: string | undefined;
  /** Whether the client can still be asked where the speaker is. */
  readonly canLocate: boolean;
  readonly words: HomeWords | undefined;
  readonly read: BoundedReader;
}

const none: Resolved = { kind: "none" };
const needTarget = new Set(["HassTurnOn", "HassTurnOff", "HassLightSet", "HassSetPosition"]);
const impliedDomain: Readonly<Record<string, string>> = { HassLightSet: "light", HassSetPosition: "cover" };
/** "The light" of a room is all of its light. */
const generic = /^(?:lights?|światł\p{L}*|світл\p{L}*|ה?אור|ה?אורות)$/u;
/** The longest list that is read out; of more it is only asked which. */
export const mostListed = 5;
/** Unknown words that are looked for in names, and names that are put in their place to see whether they make sense there. */
const mostUnknown = 8;
const mostTried = 8;

/** Says what an order needs: a call of a declared tool, a question back, or nothing that can be done here. */
export const resolveCommand = (
  { reading, text, isLeftOver }: Pick<SaidCommand, "reading" | "text" | "isLeftOver">,
  context: ResolveContext,
): Resolved => {
  if (isLeftOver) return { kind: "left_over", what: text };
  if (reading.kind === "unclear")
    return reading.reason === "target" && reading.unknown.length > 0
      ? resolveUnknown(text, reading.unknown, context)
      : none;
  if (reading.intent === "HassNevermind") return { kind: "nevermind" };
  if (reading.effect === "read") return { kind: "read", command: reading, text };
  if (isNamed(reading)) return resolveNamed(reading, context);
  return needTarget.has(reading.intent) ? resolveGroup(reading, text, context) : toCall(reading, context);
};

const isNamed = ({ slots }: HomeCommand): boolean => slots.name !== undefined && slots.name !== "all";

const toCall = (command: HomeCommand, { tools, client }: ResolveContext): Resolved => {
  const exposed = client?.exposed ?? [];
  const call = callOf(command, tools, exposed);
  return call ? { kind: "call", command, call } : none;
};

const withSlots = (command: HomeCommand, slots: Readonly<Record<string, string | undefined>>): HomeCommand => ({
  ...command,
  slots: Object.fromEntries(
    Object.entries({ ...command.slots, ...slots }).filter(
      (entry): entry is [string, string | number] => entry[1] !== undefined,
    ),
  ),
});

/** A name that things in several rooms share means the one in the speaker's room; else it is asked which. */
const resolveNamed = (command: HomeCommand, context: ResolveContext): Resolved => {
  const domains = new Set(command.entities.map(({ domain }) => domain));
  const [domain] = domains;
  const full = domains.size === 1 && command.intent.startsWith("HassTurn") ? withSlots(command, { domain }) : command;
  const areas = [...new Set(command.entities.flatMap(({ area }) => area ?? []))];
  if (areas.length < 2 || command.slots.area !== undefined) return toCall(full, context);
  if (context.area !== undefined && areas.includes(context.area))
    return toCall(withSlots(full, { area: context.area }), context);
  return askArea(full, areas, context);
};

const askArea = (command: HomeCommand, areas: readonly string[], context: ResolveContext): Resolved =>
  areas.length === 0
    ? none
    : {
        kind: "ask",
        key: "home.which_area",
        options: areas.map((area) => ({ label: area, meaning: () => toCall(withSlots(command, { area }), context) })),
      };

const named = (command: HomeCommand, { names, domain }: ExposedEntity, context: ResolveContext): Resolved =>
  toCall(
    {
      ...withSlots(command, {
        name: names[0],
        domain: command.intent.startsWith("HassTurn") ? domain : undefined,
        device_class: undefined,
        area: undefined,
      }),
      entities: [{ names, domain }],
    },
    context,
  );

/** An order to a kind of things: those of a room, the one of that kind that there is, or the one that its noun names. */
const resolveGroup = (command: HomeCommand, text: string, context: ResolveContext): Resolved => {
  const { client, area: speaker, canLocate, words } = context;
  const { slots } = command;
  if (!client || client.exposed.length === 0) return toCall(command, context);
  const domain = slots.domain ?? impliedDomain[command.intent];
  const isPlaced = slots.area !== undefined || slots.floor !== undefined;
  const kind = {
    ...(domain === undefined ? {} : { domain }),
    ...(slots.device_class === undefined ? {} : { device_class: slots.device_class }),
  };
  const everywhere = targetsOf(kind, undefined, client.exposed);
  const here =
    slots.area === undefined ? everywhere : targetsOf({ ...kind, area: slots.area }, undefined, client.exposed);
  if (everywhere.length === 0) return { kind: "missing", what: String(domain ?? text) };
  if (words?.saysAll(text)) return toCall(command, context);
  const alike = calledAlike(text, here, words);
  if (alike.length === 1 && here.length > 1) return named(command, alike[0]!, context);
  if (isPlaced && here.length === 0)
    return slots.area === speaker ? askArea(command, areasOf(everywhere), context) : toCall(command, context);
  if (isPlaced && alike.length > 1) return askWhich(command, alike, context);
  // "The lamp" where several things are of its kind but none is called so, while elsewhere one is: not all of this room.
  const elsewhere = isPlaced && alike.length === 0 && here.length > 1 ? calledAlike(text, everywhere, words) : [];
  const isImplied = slots.area !== undefined && slots.area === speaker;
  if (elsewhere.length > 0) return askWhich(command, isImplied ? [...here, ...elsewhere] : here, context);
  if (isPlaced) return toCall(command, context);
  if (everywhere.length === 1) return named(command, everywhere[0]!, context);
  if (speaker === undefined && canLocate) return { kind: "locate" };
  const areas = areasOf(alike.length > 1 ? alike : everywhere);
  if (alike.length > 1 && alike.length <= mostListed) return askWhich(command, alike, context);
  if (areas.length === 1) return toCall(withSlots(command, { area: areas[0] }), context);
  return areas.length > 1 ? askArea(command, areas, context) : toCall(command, context);
};

const areasOf = (entities: readonly ExposedEntity[]): string[] => [
  ...new Set(entities.flatMap(({ areas }) => areas[0] ?? [])),
];

const askWhich = (command: HomeCommand, entities: readonly ExposedEntity[], context: ResolveContext): Resolved => ({
  kind: "ask",
  key: "home.which",
  options: entities.map((entity) => ({ label: entity.names[0]!, meaning: () => named(command, entity, context) })),
});

/** Entities with a word of the text in their names, in the singular: "the lamp" of "bedside lamp" and "ceiling lamp". */
const calledAlike = (
  text: string,
  entities: readonly ExposedEntity[],
  words: HomeWords | undefined,
): ExposedEntity[] => {
  const said = [...new Set(wordsOf(text).reverse())].filter(
    (word) => word.length > 2 && !generic.test(word) && !words?.isSmall(word),
  );
  for (const word of said.slice(0, mostUnknown)) {
    const found = entities.filter((entity) => nameWordsOf(entity).some((own) => isSingular(word, own)));
    if (found.length > 0 && (found.length < entities.length || found.length > 1) && !isArea(word, entities))
      return found;
  }
  return [];
};

const isArea = (word: string, entities: readonly ExposedEntity[]): boolean =>
  entities.some(({ areas }) => areas.some((area) => wordsOf(area).some((own) => isSameWord(word, own))));

const isSingular = (said: string, own: string): boolean =>
  said === own || (/(?:[ęąую]|[\u05d0-\u05ea])$/u.test(said) && !/[םת]$/u.test(said) && isSameWord(said, own));

/**
 * Words that fit no name whole may still be part of some. That something is missing can only be told of words that stand where
 * a thing is named, behind the verb, and of a home that is known.
 */
const resolveUnknown = (text: string, unknown: readonly string[], context: ResolveContext): Resolved => {
  const exposed = context.client?.exposed ?? [];
  const { orderAt, asked } = context.read.signs(text);
  const isObject = orderAt >= 0 && unknown.every((words) => text.indexOf(words) > orderAt);
  if (exposed.length === 0 || asked || !isObject || isAside(text, unknown, context)) return none;
  const said = [...new Set(unknown.flatMap(wordsOf).filter((word) => word.length > 2))].slice(0, mostUnknown);
  const scored = exposed
    .map((entity) => ({
      entity,
      score: said.filter((word) => nameWordsOf(entity).some((own) => isSameWord(word, own))).length,
    }))
    .filter(({ score }) => score > 0);
  const best = Math.max(0, ...scored.map(({ score }) => score));
  const options = scored
    .filter(({ score }) => score === best)
    .slice(0, mostTried)
    .map(({ entity }) => ({
      label: entity.names[0]!,
      meaning: () => substituted(text, unknown, entity.names[0]!, context),
    }))
    .filter(({ meaning }) => meaning().kind === "call");
  return options.length === 0
    ? { kind: "missing", what: unknown.join(", ") }
    : { kind: "ask", key: "home.which", options };
};

/** "Turn on the desk tomorrow" names its thing without the words that are not understood; "the desk and the oven" names two. */
const isAside = (text: string, unknown: readonly string[], { read }: ResolveContext): boolean => {
  const without = read.parse(unknown.reduce((rest, words) => rest.replace(words, () => ""), text));
  const isListed = unknown.some((words) => jointsOf(text).some(({ right }) => right.includes(words)));
  return without?.kind === "command" && isNamed(without) && !isListed;
};

/** The words of an entity's names, read once for as long as the home is kept. */
const nameWords = new WeakMap<ExposedEntity, readonly string[]>();

const nameWordsOf = (entity: ExposedEntity): readonly string[] => {
  const known = nameWords.get(entity) ?? [...new Set(entity.names.flatMap(wordsOf))];
  nameWords.set(entity, known);
  return known;
};

const substituted = (text: string, unknown: readonly string[], name: string, context: ResolveContext): Resolved => {
  const reading = context.read.parse(text.replace(unknown[0]!, () => name));
  if (reading?.kind === "command" && reading.effect === "write" && isNamed(reading))
    return resolveNamed(reading, context);
  return none;
};
