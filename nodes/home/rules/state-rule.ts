import type { HomeEntity, HomeReading } from "../home.ts";
import type { NounKey, StateKey } from "../home-lexicon.ts";
import { entityMentions, hasNoun, hasScope, isQuestion, type Sentence, statesOf } from "../read-sentence.ts";
import { has, hasGroup, keysOf } from "../span.ts";
import { binaryNouns, coverClasses, nounDomains, sensorNouns } from "../vocabulary/kinds.ts";
import { detectingClasses, stateMeanings } from "../vocabulary/states.ts";
import { type HomeRule, reads, readTarget, saidPlace, type Target, unclear, unexplained } from "./rule.ts";

const nounsOf = ({ spans }: Sentence): NounKey[] => spans.flatMap((span) => keysOf<NounKey>(span, "noun"));

/** Only places that were said: an answer about the whole home is no worse than one about this room. */
const askedPlace = (sentence: Sentence, target: Target) =>
  target.area === undefined &&
  target.floor === undefined &&
  hasScope(sentence, "here") &&
  sentence.context.area !== undefined
    ? { area: sentence.context.area }
    : saidPlace(target);

/** What a binary sensor of a class reports when one of these words is true of it. */
const binaryState = (deviceClass: string, states: readonly StateKey[]): "on" | "off" | undefined => {
  for (const state of states) {
    const meaning = stateMeanings[state];
    if (meaning.classes.includes(deviceClass)) return meaning.binary;
  }
  // On and off are true of every kind of sensor.
  return states.includes("on") ? "on" : states.includes("off") ? "off" : undefined;
};

const directState = (domain: string, states: readonly StateKey[]): string | undefined => {
  // A closed lock is a locked one.
  if (domain === "lock" && states.includes("closed")) return "locked";
  if (domain === "lock" && states.includes("open")) return "unlocked";
  for (const state of states) {
    const { direct, domains } = stateMeanings[state];
    if (direct !== undefined && (domains === undefined || domains.includes(domain))) return direct;
  }
  return undefined;
};

const sensorClassesOf = (nouns: readonly NounKey[]): string[] =>
  nouns.flatMap((noun) => [...(sensorNouns[noun] ?? [])]);
const binaryClassesOf = (nouns: readonly NounKey[]): string[] => nouns.flatMap((noun) => binaryNouns[noun] ?? []);

/** People: where one is, who is at home. */
const askPerson = (sentence: Sentence): HomeReading => {
  const { questions, spans } = sentence;
  const person = entityMentions(sentence, ({ domain }) => domain === "person" || domain === "device_tracker")[0];
  const people = spans.some((span) => has(span, "people:")) || hasNoun(sentence, "person") || questions.has("who");
  if (!person && !people) return undefined;
  const slots = { domain: person?.entities[0]?.domain ?? "person", name: person?.spelling };
  const options = { entities: person?.entities ?? [] };
  const states = statesOf(sentence);
  if (person && questions.has("where") && states.length === 0)
    return unexplained(sentence) ?? reads("HassGetState", slots, options);
  const state = directState("person", states);
  if (state !== undefined) return unexplained(sentence) ?? reads("HassGetState", { ...slots, state }, options);
  // Someone in a room: what its occupancy sensor says.
  const room = person
    ? {}
    : askedPlace(
        sentence,
        readTarget(sentence, () => false),
      );
  if (!person && states.length === 0 && "area" in room)
    return (
      unexplained(sentence) ??
      reads("HassGetState", { ...room, domain: "binary_sensor", device_class: "occupancy", state: "on" })
    );
  if (!person) return undefined;
  const unknown = unexplained(sentence);
  // A zone is a place of the person's own: at work, at school.
  const zone = unknown?.unknown.length === 1 ? unknown.unknown[0] : undefined;
  if (zone !== undefined && (questions.has("whether") || questions.has("mark")))
    return reads("HassGetState", { ...slots, state: zone }, options);
  return unknown ?? reads("HassGetState", slots, options);
};

/** Several things may share a name; the words beside it tell which is asked about. */
const pick = (entities: readonly HomeEntity[], nouns: readonly NounKey[], states: readonly StateKey[]) => {
  const binary = entities.filter(({ domain }) => domain === "binary_sensor");
  const classes = binaryClassesOf(nouns);
  const implied: readonly StateKey[] = states.length > 0 ? states : ["detected"];
  const answers = binary.filter(({ deviceClass = "" }) => binaryState(deviceClass, implied) !== undefined);
  const chosen =
    answers.find(({ deviceClass = "" }) => classes.includes(deviceClass) && binaryState(deviceClass, states)) ??
    answers.find(({ deviceClass = "" }) =>
      states.some((state) => stateMeanings[state].classes.includes(deviceClass)),
    ) ??
    (states.length > 0 || binary.some(({ deviceClass = "" }) => classes.includes(deviceClass))
      ? answers[0]
      : undefined);
  return chosen ? { sensor: chosen, state: binaryState(chosen.deviceClass ?? "", implied) } : undefined;
};

const askNamed = (sentence: Sentence, target: Target): HomeReading => {
  const mention = target.name!;
  const nouns = nounsOf(sentence);
  const states = statesOf(sentence);
  const place = saidPlace(target);
  const { entities, spelling } = mention;
  // What a named sensor says is harmless to read, whatever else was said of it.
  const measures = mention.exact && states.length === 0 && entities.some(({ domain }) => domain === "sensor");
  const unknown = measures ? undefined : unexplained(sentence);
  if (unknown) return unknown;
  const others = entities.filter(
    ({ domain }) => domain !== "binary_sensor" && domain !== "sensor" && domain !== "weather",
  );
  for (const entity of others) {
    const state = directState(entity.domain, states);
    if (state === undefined) continue;
    // "Open" and "locked" are true of several domains, so a thing of a known class says which it is.
    const classed =
      entity.domain === "lock" ||
      entity.domain === "valve" ||
      (entity.domain === "cover" && entity.deviceClass !== undefined);
    return reads(
      "HassGetState",
      { ...place, ...(classed ? { domain: entity.domain } : {}), name: spelling, state },
      { entities: [entity] },
    );
  }
  const sensors = entities.filter(({ domain }) => domain === "sensor");
  const asksValue = sentence.questions.has("what") || hasNoun(sentence, "value");
  const exists =
    sentence.questions.has("exists") || sentence.questions.has("whether") || sentence.questions.has("mark");
  const binary = states.length > 0 || (exists && !asksValue) ? pick(entities, nouns, states) : undefined;
  if (binary && !(asksValue && sensors.length > 0)) {
    const { sensor, state } = binary;
    return reads(
      "HassGetState",
      { ...place, domain: "binary_sensor", device_class: sensor.deviceClass, name: spelling, state },
      { entities: [sensor] },
    );
  }
  const classes = sensorClassesOf(nouns);
  const sensor =
    sensors.find(({ deviceClass }) => deviceClass !== undefined && classes.includes(deviceClass)) ?? sensors[0];
  if (sensor)
    return reads(
      "HassGetState",
      {
        ...place,
        name: spelling,
        ...(sensor.deviceClass ? { domain: "sensor", device_class: sensor.deviceClass } : {}),
      },
      { entities: [sensor] },
    );
  return reads("HassGetState", { ...place, name: spelling }, { entities });
};

const hasBinary = ({ home }: Sentence, deviceClass: string): boolean =>
  home?.entities.some((entity) => entity.domain === "binary_sensor" && entity.deviceClass === deviceClass) ?? false;

/** A kind of thing that has states of its own: lights, fans, covers, locks … */
const askKind = (sentence: Sentence, target: Target): HomeReading => {
  const nouns = nounsOf(sentence);
  const states = statesOf(sentence);
  const place = askedPlace(sentence, target);
  const cover = nouns.find((noun) => coverClasses.has(noun));
  const lockState = states.includes("locked") ? "locked" : states.includes("unlocked") ? "unlocked" : undefined;
  if (lockState && (cover || nouns.includes("lock")))
    return reads("HassGetState", { ...place, domain: "lock", state: lockState });
  const coverState = cover && (states.includes("open") ? "open" : states.includes("closed") ? "closed" : undefined);
  if (cover && coverState) {
    const sensed = binaryNouns[cover];
    if (sensed && hasBinary(sentence, sensed))
      return reads("HassGetState", {
        ...place,
        domain: "binary_sensor",
        device_class: sensed,
        state: coverState === "open" ? "on" : "off",
      });
    return reads("HassGetState", { ...place, domain: "cover", device_class: cover, state: coverState });
  }
  for (const [noun, domain] of Object.entries(nounDomains)) {
    if (!nouns.includes(noun as NounKey)) continue;
    const state = directState(domain, states);
    if (state !== undefined) return reads("HassGetState", { ...place, domain, state });
  }
  return undefined;
};

/** What sensors of a kind report; with no kind said, the state word tells which. */
const askSensors = (sentence: Sentence, target: Target): HomeReading => {
  const nouns = nounsOf(sentence);
  const states = statesOf(sentence);
  const place = askedPlace(sentence, target);
  const { questions } = sentence;
  const binary = (device_class: string, state: "on" | "off") =>
    reads("HassGetState", { ...place, domain: "binary_sensor", device_class, state });
  for (const state of states)
    for (const deviceClass of stateMeanings[state].classes) {
      if (binaryClassesOf(nouns).includes(deviceClass)) return binary(deviceClass, stateMeanings[state].binary);
    }
  const specific = states.find((state) => stateMeanings[state].classes.length > 0);
  const asksValue = questions.has("what") && states.length === 0;
  const [sensed] = binaryClassesOf(nouns);
  if (sensed && (states.includes("on") || states.includes("off")))
    return binary(sensed, states.includes("on") ? "on" : "off");
  if (specific && !["detected", "triggered", "clear", "normal", "open", "closed"].includes(specific))
    return binary(stateMeanings[specific].classes[0]!, stateMeanings[specific].binary);
  if (sensed && detectingClasses.has(sensed) && !asksValue && states.length === 0) return binary(sensed, "on");
  if (sensed && specific) return binary(sensed, stateMeanings[specific].binary);
  const [measured] = sensorClassesOf(nouns);
  if (measured && states.length === 0 && (place.area ?? place.floor) !== undefined)
    return reads("HassGetState", { ...place, domain: "sensor", device_class: measured });
  // Where only one thing measures it, no place need be said.
  const only = sentence.home?.entities.filter(
    ({ domain, deviceClass }) => domain === "sensor" && deviceClass === measured,
  );
  if (measured && states.length === 0 && only?.length === 1)
    return reads(
      "HassGetState",
      { name: only[0]!.names[0]!, domain: "sensor", device_class: measured },
      { entities: only },
    );
  return undefined;
};

/** Questions about what is: states, values, people, the weather. Never an order. */
export const stateRule: HomeRule = (sentence) => {
  const asksOnly = sentence.actions.size === 0 && !sentence.spans.some((span) => hasGroup(span, "particle"));
  if (!isQuestion(sentence) && !asksOnly) return undefined;
  // Why and since when are in no state, but a named sensor may hold a date.
  if (sentence.questions.has("other") && !entityMentions(sentence, ({ domain }) => domain === "sensor")[0]?.exact)
    return undefined;
  if (hasNoun(sentence, "weather")) {
    const place = entityMentions(sentence, ({ domain }) => domain === "weather")[0];
    const unknown = unexplained(sentence);
    return unknown
      ? undefined
      : reads("HassGetWeather", { name: place?.spelling }, { entities: place?.entities ?? [] });
  }
  const person = askPerson(sentence);
  if (person) return person;
  const quantified =
    ["all", "any"].some((scope) => hasScope(sentence, scope as "all")) ||
    ["which", "howMany", "exists"].some((question) => sentence.questions.has(question as "which"));
  const target = readTarget(sentence, () => true);
  if (target.several) return unclear("target");
  // "Any gas" is about gas, even where a detector is called Gas.
  const meansKind = quantified && target.name && hasGroup(sentence.spans[target.name.at], "noun");
  if (target.name && !meansKind) {
    const named = askNamed(sentence, target);
    if (named) return named;
  }
  const reading = askKind(sentence, target) ?? askSensors(sentence, target);
  if (!reading) return undefined;
  return unexplained(sentence) ?? reading;
};
