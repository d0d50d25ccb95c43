import type { HomeEntity, HomeReading } from "../home.ts";
import type { ActionKey, NounKey } from "../home-lexicon.ts";
import { follows, hasNoun, hasScope, isQuestion, placeMentions, type Sentence } from "../read-sentence.ts";
import { has, hasGroup, keysOf, type Span } from "../span.ts";
import { controllableDomains, coverClasses, nounDomains } from "../vocabulary/kinds.ts";
import { type HomeRule, placeSlots, readTarget, saidPlace, type Target, unclear, unexplained, writes } from "./rule.ts";

type Direction = "on" | "off" | "start" | "return" | "pause";

/** Everything the order may ask for: its verb, and the particle that finishes or replaces it. */
const ordersOf = (sentence: Sentence): Set<ActionKey> => {
  const orders = new Set<ActionKey>(sentence.actions);
  if (orders.size === 0 && hasNoun(sentence, "base")) orders.add("return");
  const open = orders.size === 0 || orders.has("change") || orders.has("return");
  if (open)
    for (const span of sentence.spans)
      for (const key of keysOf<ActionKey>(span, "particle"))
        if (key !== "increase" && key !== "decrease") orders.add(key);
  return orders;
};

const directionFor = (domain: string, orders: ReadonlySet<ActionKey>, byNoun: boolean): Direction | undefined => {
  const any = (...actions: readonly ActionKey[]) => actions.some((action) => orders.has(action));
  switch (domain) {
    case "cover":
    case "valve":
      if (any("open", "on", "increase")) return "on";
      return any("close", "off", "decrease") ? "off" : undefined;
    case "lock":
      // "On" and "off" say nothing certain about a lock, and guessing could open a door.
      if (any("lock", "close")) return "on";
      return any("unlock", "open") ? "off" : undefined;
    case "scene":
    case "script":
      if (any("off", "stop", "cancel")) return "off";
      return any("on", "start", "change", "play", "open") || (byNoun && orders.size === 0) ? "on" : undefined;
    case "vacuum":
    case "lawn_mower":
      if (any("return")) return "return";
      if (any("start", "clean", "on", "resume")) return "start";
      return any("stop", "off", "pause", "cancel") ? "off" : undefined;
    case "media_player":
      if (any("on", "start")) return "on";
      return any("off") ? "off" : undefined;
    default:
      if (any("on", "start")) return "on";
      return any("off", "stop") ? "off" : undefined;
  }
};

const intentOf = (direction: Direction): string =>
  ({
    on: "HassTurnOn",
    off: "HassTurnOff",
    start: "HassVacuumStart",
    return: "HassVacuumReturnToBase",
    pause: "HassTurnOff",
  })[direction];

const domainsWithName: ReadonlySet<string> = new Set(["scene", "script", "valve"]);

const orderNamed = (sentence: Sentence, target: Target, orders: ReadonlySet<ActionKey>): HomeReading => {
  const mention = target.name!;
  const fits = mention.entities.filter(({ domain }) =>
    directionFor(domain, orders, hasNoun(sentence, domain as NounKey)),
  );
  const entity = fits[0];
  if (!entity) return undefined;
  const direction = directionFor(entity.domain, orders, hasNoun(sentence, entity.domain as NounKey))!;
  const unknown = unexplained(sentence);
  if (unknown) return unknown;
  const classed = entity.domain === "cover" && sentence.lexicon.slotStyle.coverWithClass;
  const withDomain = classed || domainsWithName.has(entity.domain);
  return writes(
    sentence,
    intentOf(direction),
    {
      name: mention.spelling,
      ...saidPlace(target),
      ...(withDomain ? { domain: entity.domain } : {}),
      ...(classed ? { device_class: entity.deviceClass } : {}),
    },
    { entities: fits },
  );
};

interface Kind {
  readonly domain: string;
  readonly deviceClass?: string;
}

/** What kind of thing an order without a name is about; doors and windows depend on the verb. */
const kindOf = (sentence: Sentence, orders: ReadonlySet<ActionKey>): Kind | undefined => {
  const isPlace = (span: Span) => span.names.some(({ named }) => named.kind === "area");
  const things = sentence.spans.filter((span) => hasGroup(span, "noun") && !isPlace(span));
  // A word that is also an area here names the thing only where nothing else does: open the garage.
  const nouns = new Set((things.length > 0 ? things : sentence.spans).flatMap((span) => keysOf<NounKey>(span, "noun")));
  const locks = orders.has("lock") || orders.has("unlock");
  if (
    nouns.has("lock") ||
    (locks && (nouns.has("door") || nouns.has("garage") || nouns.has("gate") || nouns.has("window")))
  )
    return { domain: "lock" };
  const moves = orders.has("open") || orders.has("close") || orders.has("increase") || orders.has("decrease");
  const kind = [...nouns].find((noun) => coverClasses.has(noun));
  if (kind && moves) return { domain: "cover", deviceClass: kind };
  for (const [noun, domain] of Object.entries(nounDomains)) if (nouns.has(noun as NounKey)) return { domain };
  if (kind) return { domain: "cover", deviceClass: kind };
  return sentence.spans.some((span) => hasGroup(span, "lighting")) ? { domain: "light" } : undefined;
};

/** "Open the garage" means its door where the same word is also an area. */
const isGarageDoor = (sentence: Sentence, orders: ReadonlySet<ActionKey>): boolean =>
  (orders.has("open") || orders.has("close")) &&
  placeMentions(sentence, "area").some(
    ({ at }) => has(sentence.spans[at], "noun:garage") && !follows(sentence, at, "in"),
  );

/** Words for other things than the kind: "the motion light" is one light, not all of them. */
const otherThings = (sentence: Sentence, { domain, deviceClass }: Kind): string[] => {
  const fitting = new Set<string>([
    domain,
    deviceClass ?? domain,
    "device",
    "base",
    ...(domain === "lock" ? ["door", "garage", "gate", "window"] : []),
  ]);
  return sentence.spans.flatMap((span, at) => {
    const nouns = keysOf(span, "noun");
    const other = nouns.length > 0 && span.names.length === 0 && !nouns.some((noun) => fitting.has(noun));
    const small = ["action", "particle", "filler", "scope", "relation", "request"].some((group) =>
      hasGroup(span, group),
    );
    return other && !small ? [sentence.textOf(at, at + 1)] : [];
  });
};

const orderKind = (sentence: Sentence, target: Target, orders: ReadonlySet<ActionKey>): HomeReading => {
  const kind = kindOf(sentence, orders);
  if (!kind) return undefined;
  const { domain, deviceClass } = kind;
  const direction = directionFor(domain, orders, false);
  if (!direction || domain === "scene" || domain === "script" || domain === "automation") return undefined;
  const unknown = unexplained(sentence);
  if (unknown) return unknown;
  const others = otherThings(sentence, kind);
  if (others.length > 0) return unclear("target", others);
  if (target.several) return unclear("target");
  // A garage door or gate is never in the room where the speaker stands.
  const garage = deviceClass === "garage" && isGarageDoor(sentence, orders);
  const outdoors = deviceClass === "garage" || deviceClass === "gate";
  const place = garage ? {} : outdoors ? saidPlace(target) : placeSlots(sentence, target);
  if (domain === "vacuum") {
    const vacuums = sentence.home?.entities.filter((entity) => entity.domain === "vacuum") ?? [];
    const only = vacuums.length === 1 && !target.area ? { name: vacuums[0]!.names[0]! } : saidPlace(target);
    return writes(sentence, intentOf(direction), only, { entities: vacuums.length === 1 ? vacuums : [] });
  }
  const intent = intentOf(direction);
  const said = target.area !== undefined || target.floor !== undefined || place.area === undefined;
  const all =
    said &&
    sentence.lexicon.slotStyle.allName.some(
      (rule) => rule.domain === domain && rule.intents.includes(intent as "HassTurnOn"),
    );
  return writes(sentence, intent, { ...place, domain, device_class: deviceClass, ...(all ? { name: "all" } : {}) });
};

/** Vacuum the kitchen: the verb says it all. */
const cleanPlace = (sentence: Sentence, target: Target): HomeReading => {
  if (!sentence.actions.has("clean") || (!target.area && !target.floor && !hasScope(sentence, "here")))
    return undefined;
  return unexplained(sentence) ?? writes(sentence, "HassVacuumStart", placeSlots(sentence, target));
};

/** Whether none of these things stands in the area that was said. */
const isElsewhere = ({ home }: Sentence, entities: readonly HomeEntity[], said: string | undefined): boolean => {
  const area = said === undefined ? undefined : home?.areas.find(({ names }) => names.includes(said));
  return (
    area !== undefined &&
    entities.every(
      (entity) => entity.area !== undefined && entity.area !== area.id && !area.names.includes(entity.area),
    )
  );
};

/** On and off, open and close, lock and unlock, vacuums to work and home. */
export const switchRule: HomeRule = (sentence) => {
  if (isQuestion(sentence)) return undefined;
  const orders = ordersOf(sentence);
  const target = readTarget(sentence, ({ domain }) => controllableDomains.has(domain));
  const stated = sentence.spans.some((span) => hasGroup(span, "particle")) || sentence.actions.size > 0;
  if (!stated && !hasNoun(sentence, "scene", "script", "base")) return undefined;
  if (hasNoun(sentence, "value") && sentence.actions.size === 0) return undefined;
  const wholeKind = hasScope(sentence, "all") && kindOf(sentence, orders) !== undefined && !target.name?.exact;
  // "The light in the kitchen" is whatever lights it, also where one is called just "light"; other things only when theirs is elsewhere.
  const bareNoun =
    target.name !== undefined &&
    hasGroup(sentence.spans[target.name.at], "noun") &&
    ((target.area !== undefined &&
      target.name.entities.every(({ domain }) => domain === "light") &&
      has(sentence.spans[target.name.at], "noun:light")) ||
      isElsewhere(sentence, target.name.entities, target.area));
  if (target.name && !wholeKind && !bareNoun) {
    if (target.several) return unclear("target");
    const named = orderNamed(sentence, target, orders);
    if (named) return named;
  }
  return orderKind(sentence, target, orders) ?? cleanPlace(sentence, target);
};
