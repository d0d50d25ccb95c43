import type { HomeEntity, HomeReading } from "../home.ts";
import type { ActionKey, MediaKey } from "../home-lexicon.ts";
import { follows, hasNoun, isFiller, isQuestion, type Sentence } from "../read-sentence.ts";
import { has, hasGroup, keysOf } from "../span.ts";
import { type HomeRule, placeSlots, readTarget, saidPlace, type Target, unclear, unexplained, writes } from "./rule.ts";

const isPlayer = ({ domain }: HomeEntity): boolean => domain === "media_player";

const playerSlots = (sentence: Sentence, target: Target) =>
  target.name ? { name: target.name.spelling, ...saidPlace(target) } : placeSlots(sentence, target);

const setVolume = (sentence: Sentence, target: Target): HomeReading => {
  const level = sentence.spans.find((span) => hasGroup(span, "level"));
  const value =
    sentence.quantities[0]?.value ?? (has(level, "level:maximum") ? 100 : has(level, "level:minimum") ? 0 : undefined);
  if (value === undefined) return unclear("value");
  return (
    unexplained(sentence) ??
    writes(
      sentence,
      "HassSetVolume",
      { ...playerSlots(sentence, target), volume_level: value },
      { entities: target.name?.entities ?? [] },
    )
  );
};

const transport: readonly (readonly [ActionKey, string])[] = [
  ["resume", "HassMediaUnpause"],
  ["pause", "HassMediaPause"],
  ["next", "HassMediaNext"],
  ["previous", "HassMediaPrevious"],
  ["stop", "HassMediaPause"],
];

/** Whether the words left beside a player, a place and small words are only about what is playing. */
const isAboutPlaying = (sentence: Sentence): boolean =>
  sentence.spans.every(
    (span, at) =>
      at === sentence.actionAt ||
      span.names.some(({ named }) => named.kind !== "entity" || isPlayer(named.of)) ||
      isFiller(span) ||
      ["music", "media_player", "sound", "device"].some((noun) => has(span, `noun:${noun}` as `noun:${string}`)) ||
      hasGroup(span, "action") ||
      hasGroup(span, "particle"),
  );

const controlPlayback = (sentence: Sentence, target: Target): HomeReading => {
  const { actions } = sentence;
  const found = transport.find(([action]) => actions.has(action));
  const bare = sentence.spans.every(
    (span, at) => at === sentence.actionAt || isFiller(span) || hasGroup(span, "action"),
  );
  if (!found) return undefined;
  const [action, intent] = found;
  const about = target.name !== undefined || hasNoun(sentence, "music", "media_player");
  // A bare "stop" or "back" is about anything; "pause", "resume", "next" are about what plays.
  if (!about && (!bare || action === "stop")) {
    if (!target.area || !isAboutPlaying(sentence) || action === "stop") return undefined;
  }
  const unknown = unexplained(sentence);
  if (unknown) return about ? unknown : undefined;
  return writes(sentence, intent, playerSlots(sentence, target), {
    entities: target.name?.entities ?? [],
    confidence: about ? 0.95 : 0.7,
  });
};

const searchAndPlay = (sentence: Sentence): HomeReading => {
  const { spans, actionAt } = sentence;
  const players = (at: number) =>
    spans[at]!.names.find(({ named }) => named.kind === "entity" && isPlayer(named.of as HomeEntity));
  const areaAt = (at: number) => spans[at]!.names.find(({ named }) => named.kind === "area");
  let from = 0;
  let to = spans.length;
  let name: string | undefined;
  let area: string | undefined;
  // Player and place stand at either end: "in the kitchen play X", "play X on the TV in the kitchen".
  while (to > actionAt + 1) {
    const last = to - 1;
    const player = players(last);
    const place = areaAt(last);
    const small = isFiller(spans[last]!) && !hasGroup(spans[last], "noun");
    if (player && (follows(sentence, last, "on") || follows(sentence, last, "in"))) name ??= player.spelling;
    else if (place && follows(sentence, last, "in")) area ??= place.spelling;
    else if (
      !(
        small &&
        (name !== undefined || area !== undefined || has(spans[last], "scope:here") || has(spans[last], "filler:"))
      )
    )
      break;
    to = last;
    while (to > actionAt + 1 && isFiller(spans[to - 1]!) && (name !== undefined || area !== undefined)) to -= 1;
  }
  for (let at = 0; at < actionAt; at += 1) {
    const player = players(at);
    const place = areaAt(at);
    if (player) name ??= player.spelling;
    else if (place) area ??= place.spelling;
    else if (!isFiller(spans[at]!)) return undefined;
  }
  from = actionAt + 1;
  const medium = keysOf<MediaKey>(spans[from], "media")[0];
  if (medium !== undefined && to > from + 1) from += 1;
  const query = sentence.textOf(from, to);
  const place = area ?? (name === undefined ? sentence.context.area : undefined);
  if (query === "") return writes(sentence, "HassMediaUnpause", { name, area: place }, { confidence: 0.7 });
  return writes(
    sentence,
    "HassMediaSearchAndPlay",
    { search_query: query, media_class: medium, name, area: place },
    { confidence: name ? 0.9 : 0.6 },
  );
};

/** Volume, pausing, skipping, and finding something to play. */
export const mediaRule: HomeRule = (sentence) => {
  const { actions } = sentence;
  if (isQuestion(sentence)) return undefined;
  const target = readTarget(sentence, isPlayer);
  if (hasNoun(sentence, "volume") && (!hasNoun(sentence, "music") || sentence.quantities.length > 0))
    return setVolume(sentence, target);
  // A level told to a player can only be its volume.
  if (
    target.name &&
    sentence.quantities.length > 0 &&
    (actions.has("change") || actions.has("increase") || actions.has("decrease"))
  )
    return setVolume(sentence, target);
  if (target.name?.at !== undefined && actions.has("play") && sentence.actionAt === sentence.spans.length - 1)
    return undefined;
  const playback = controlPlayback(sentence, target);
  if (playback) return playback;
  return actions.has("play") ? searchAndPlay(sentence) : undefined;
};
