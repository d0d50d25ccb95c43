import type { HomeCommand } from "../home/home.ts";
import type { Say } from "../wording.ts";
import { targetsOf } from "./call-of.ts";
import type { ExposedEntity } from "./entity-list.ts";
import type { HomeWords } from "./home-words.ts";
import { spoken, stateWords, temperatureOf } from "./state-words.ts";

export interface StateQuestion {
  readonly command: HomeCommand;
  readonly text: string;
  /** Entities with their states. */
  readonly exposed: readonly ExposedEntity[];
  readonly locale: string;
  readonly words: HomeWords | undefined;
  readonly say: Say;
}

const mostNames = 6;

/** Answers a question about states from the states themselves; says so when nothing is known of what was asked. */
export const answerState = (question: StateQuestion): string => {
  const { command, exposed, locale, say } = question;
  if (command.intent === "HassClimateGetTemperature") return answerTemperature(question);
  const { state: wanted, ...slots } = command.slots;
  const domain = slots.domain === undefined ? undefined : String(slots.domain);
  const found = targetsOf(slots, domain, exposed).filter(({ state }) => state !== undefined);
  if (found.length === 0) return say("home.unknown_state", locale);
  return wanted === undefined ? listed(found, locale, say) : answerWhether(question, found, String(wanted));
};

const listed = (entities: readonly ExposedEntity[], locale: string, say: Say): string =>
  [
    ...entities
      .slice(0, mostNames)
      .map((entity) =>
        say("home.state", locale, { what: spoken(entity.names[0]!), value: stateWords(entity, locale, say) }),
      ),
    ...more(entities.length, locale, say),
  ].join(" ");

const more = (count: number, locale: string, say: Say): string[] =>
  count > mostNames ? [`${say("home.more", locale, { count: String(count - mostNames) })}.`] : [];

const namesOf = (entities: readonly ExposedEntity[], locale: string, say: Say): string =>
  [
    entities
      .slice(0, mostNames)
      .map(({ names }) => spoken(names[0]!))
      .join(", "),
    ...(entities.length > mostNames ? [say("home.more", locale, { count: String(entities.length - mostNames) })] : []),
  ].join(" ");

const answerWhether = (
  { text, locale, words, say }: StateQuestion,
  found: readonly ExposedEntity[],
  wanted: string,
): string => {
  const yes = found.filter(({ state = "" }) => state.toLowerCase() === wanted.toLowerCase());
  const no = found.filter((entity) => !yes.includes(entity));
  if (words?.asks(text, "howMany"))
    return yes.length === 0
      ? `0.`
      : say("home.state", locale, { what: String(yes.length), value: namesOf(yes, locale, say) });
  if (["which", "where", "who"].some((key) => words?.asks(text, key as "which")) && found.length > 1)
    return yes.length === 0 ? say("home.none", locale) : `${namesOf(yes, locale, say)}.`;
  if (found.length === 1)
    return yes.length === 1
      ? say("home.yes", locale)
      : `${say("home.no", locale)} ${say("home.state", locale, { what: spoken(found[0]!.names[0]!), value: stateWords(found[0]!, locale, say) })}`;
  if (words?.saysAll(text))
    return no.length === 0 ? say("home.yes", locale) : say("home.no_these", locale, { what: namesOf(no, locale, say) });
  return yes.length === 0 ? say("home.no", locale) : say("home.yes_these", locale, { what: namesOf(yes, locale, say) });
};

const answerTemperature = ({ command, exposed, locale, say }: StateQuestion): string => {
  const { name, area } = command.slots;
  const scope = targetsOf(
    { ...(name === undefined ? {} : { name }), ...(area === undefined ? {} : { area }) },
    undefined,
    exposed,
  );
  const wide = name === undefined && area === undefined ? exposed : scope;
  const thermostats = wide.filter(
    ({ domain, attributes }) => domain === "climate" && attributes.current_temperature !== undefined,
  );
  const sensors = wide.filter(
    ({ domain, attributes, state }) =>
      domain === "sensor" && attributes.device_class === "temperature" && state !== undefined,
  );
  const answers = [
    ...thermostats.map((entity) => ({ entity, value: temperatureOf(entity.attributes, locale) })),
    ...(thermostats.length > 0 ? [] : sensors.map((entity) => ({ entity, value: stateWords(entity, locale, say) }))),
  ];
  if (answers.length === 0) return say("home.unknown_state", locale);
  return answers
    .slice(0, mostNames)
    .map(({ entity, value }) =>
      say("home.state", locale, {
        what: spoken(answers.length === 1 && area !== undefined ? String(area) : entity.names[0]!),
        value,
      }),
    )
    .join(" ");
};
