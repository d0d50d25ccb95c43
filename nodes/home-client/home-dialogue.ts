import type { ChatMessage, ToolChoice, ToolDeclaration } from "../../platform/models/model-gateway.ts";
import { callsFingerprint } from "../calls-fingerprint.ts";
import type { HomeParser } from "../home/home-parser.ts";
import type { IntentPart } from "../understanding/understood-query.ts";
import type { Say } from "../wording.ts";
import { answerState } from "./answer-state.ts";
import { type BoundedReader, createReadingBudget } from "./bounded-reader.ts";
import type { ReadyCall } from "./call-of.ts";
import { chooseOption, isPlainAnswer } from "./choose-option.ts";
import type { ClientHome } from "./client-home.ts";
import { type HomeTools, readHomeTools } from "./client-tools.ts";
import { confirm } from "./confirm.ts";
import { readEntityList } from "./entity-list.ts";
import { asMade, statesOf, type Task, toTask } from "./home-task.ts";
import { type HomeTurn, readHomeTurn } from "./home-turn.ts";
import { homeWordsIn } from "./home-words.ts";
import { type ReadText, readCommands } from "./read-commands.ts";
import { mostListed, type Resolved, resolveCommand } from "./resolve-command.ts";
import { isHome, type SaidCommand } from "./said-command.ts";
import { sayTimers } from "./say-timers.ts";
import { spoken } from "./state-words.ts";
import { readToolOutcome, type ToolOutcome } from "./tool-outcome.ts";

/** What the dialogue needs of a home's parser. */
export type ReadHome = Pick<HomeParser, "parse" | "signs">;

export interface HomeDialogueDeps {
  readonly parser: ReadHome;
  readonly homes: {
    read(messages: readonly ChatMessage[], tools: HomeTools): ClientHome | undefined;
  };
  readonly say: Say;
  /** Whether a model could take what is not understood here. */
  readonly hasModel: () => boolean;
}

export interface HomeRequest {
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly ToolDeclaration[];
  readonly toolChoice: ToolChoice | undefined;
  readonly parallelToolCalls: boolean | undefined;
  readonly parts: readonly IntentPart[];
  readonly locale: string;
}

/** How one part of the query that is about the home ended. */
export interface HomeOutcome {
  readonly part: number;
  readonly intent: string;
  readonly text: string;
  readonly status: "ok" | "failed";
}

export type HomeDecision =
  | { readonly kind: "calls"; readonly calls: readonly ReadyCall[]; readonly locale: string }
  | {
      readonly kind: "answer";
      readonly outcomes: readonly HomeOutcome[];
      /** Parts of the query that are still to be answered by others. */
      readonly others: readonly number[];
      readonly locale: string;
    };

interface Understood {
  readonly locale: string;
  readonly resolved: readonly { readonly said: SaidCommand; readonly meaning: Resolved }[];
  readonly others: readonly number[];
}

const longestText = 500;
const longestRepeated = 40;
const leastConfidence = 0.6;

/**
 * Speaks with a client that controls a home: turns commands into calls of its own tools, asks back, and tells from the
 * results how they went. What it decides follows from the request alone, so that a turn goes on wherever it arrives.
 * Undefined: this is not for it; whatever comes next answers.
 */
export const createHomeDialogue = ({ parser, homes, say, hasModel }: HomeDialogueDeps) => {
  return (request: HomeRequest): HomeDecision | undefined => {
    const tools = readHomeTools(request.tools, undefined);
    const turn = tools && readHomeTurn(request.messages);
    if (!tools || !turn || turn.text.length > longestText) return undefined;
    const client = homes.read(request.messages, tools);
    const understood = understand(request, turn, tools, client);
    if (!understood) return undefined;
    const { locale, resolved, others } = understood;
    const ask = resolved.find(({ meaning }) => meaning.kind === "ask")?.meaning;
    if (ask?.kind === "ask" && turn.calls.length === 0)
      return { kind: "answer", outcomes: [outcome(0, "ask", question(ask, locale))], others: [], locale };
    const mayCall = ({ name }: ReadyCall) =>
      request.toolChoice !== "none" && (typeof request.toolChoice !== "object" || request.toolChoice.name === name);
    if (resolved.some(({ meaning }) => meaning.kind === "locate")) {
      const call = { name: tools.get("GetCurrentLocation")!.name, arguments: {} };
      return mayCall(call) ? { kind: "calls", calls: [call], locale } : undefined;
    }
    const isStuck = ({ meaning: { kind } }: { readonly meaning: Resolved }) =>
      kind === "none" || kind === "missing" || kind === "left_over";
    if (resolved.some(isStuck) && (hasModel() || !resolved.some(({ said, meaning }) => canTell(said, meaning))))
      return undefined;

    const tasks = resolved.map(({ said, meaning }) => toTask(said, meaning, tools, client));
    if (tasks.some(({ meaning, call }) => meaning.kind === "read" && !call && !statesOf(client))) return undefined;
    const expected = tasks.flatMap(({ call }) => call ?? []);
    const made = turn.calls.filter(({ call }) => !call.name.endsWith("GetCurrentLocation"));
    // Calls that do not follow from the user's words were a model's: it goes on itself.
    if (made.length > expected.length || made.some(({ call }, index) => call.name !== expected[index]?.name))
      return undefined;
    const isOurs = callsFingerprint(made.map(({ call }) => call)) === callsFingerprint(expected.slice(0, made.length));
    if (!isOurs && hasModel()) return undefined;
    const remaining = expected.slice(made.length);
    const next = request.parallelToolCalls === false ? remaining.slice(0, 1) : remaining;
    if (next.length > 0 && next.every(mayCall)) return { kind: "calls", calls: next, locale };
    if (next.length > 0 && made.length === 0) return undefined;

    let index = 0;
    const outcomes = tasks.map((task) => {
      if (!task.call) return tell(task, undefined, understood, client);
      const { call, result = "" } = made[index] ?? {};
      index += 1;
      return tell(isOurs ? task : asMade(task, call), result, understood, client);
    });
    return { kind: "answer", outcomes, others, locale };
  };

  /** What the user's words, or their answer to a question of ours, ask for. */
  function understand(
    request: HomeRequest,
    turn: HomeTurn,
    tools: HomeTools,
    client: ClientHome | undefined,
  ): Understood | undefined {
    const location = turn.calls.find(({ call }) => call.name.endsWith("GetCurrentLocation"));
    const area = client?.area ?? areaOf(location?.result);
    const canLocate = tools.get("GetCurrentLocation") !== undefined && location === undefined;
    const budget = createReadingBudget(parser);
    const readers = new Map<string, BoundedReader>();
    const readerIn = (language: string): BoundedReader => {
      const reader =
        readers.get(language) ??
        budget.readerFor({
          ...(client ? { home: client.home } : {}),
          ...(area === undefined ? {} : { context: { area } }),
          language,
        });
      readers.set(language, reader);
      return reader;
    };
    const mannerOf = (text: string): ReadText["manner"] => {
      const signs = languagesOf(text, request.locale).map((language) => readerIn(language).signs(text));
      return {
        asked: signs[0]!.asked,
        negated: signs.some(({ negated }) => negated),
        conditional: signs.some(({ conditional }) => conditional),
      };
    };
    const resolveIn = (language: string, text: string, parts: readonly IntentPart[]): Understood | undefined => {
      const read = { ...readerIn(language), manner: mannerOf(text) };
      const found = readCommands(text, parts, read);
      if (!found) return undefined;
      if (found.commands.some(({ reading }) => reading.kind === "command" && reading.confidence < leastConfidence))
        return undefined;
      const words = homeWordsIn(language);
      const context = { tools, client, area, canLocate, words, read };
      const resolved = found.commands.map((said) => ({ said, meaning: resolveCommand(said, context) }));
      return read.isSpent() ? undefined : { locale: language, resolved, others: found.others };
    };
    const languages = languagesOf(turn.text, request.locale);
    const answered =
      turn.asked &&
      answer(turn.asked, turn.text, { resolveIn, readerIn }, languagesOf(turn.asked.about, request.locale));
    if (answered) return answered;
    let first: Understood | undefined;
    for (const language of languages) {
      const read = resolveIn(language, turn.text, request.parts);
      if (read?.resolved.every(({ meaning }) => meaning.kind !== "none" && meaning.kind !== "missing")) return read;
      first ??= read;
    }
    return first;
  }

  /** "The ceiling one": the order before the question, with what was unclear in it made clear. */
  function answer(
    { question: asked, about }: NonNullable<HomeTurn["asked"]>,
    text: string,
    {
      resolveIn,
      readerIn,
    }: {
      readonly resolveIn: (language: string, text: string, parts: readonly IntentPart[]) => Understood | undefined;
      readonly readerIn: (language: string) => BoundedReader;
    },
    languages: readonly string[],
  ): Understood | undefined {
    for (const language of languages) {
      const before = resolveIn(language, about, []);
      const unclear = before?.resolved.find(({ meaning }) => meaning.kind === "ask");
      if (!before || unclear?.meaning.kind !== "ask" || question(unclear.meaning, language) !== asked) continue;
      const { options } = unclear.meaning;
      const labels = options.map(({ label }) => spoken(label));
      const { parse, signs } = readerIn(language);
      const own = parse(text);
      const isNewOrder = isHome(own) && (own.effect === "write" || own.intent === "HassNevermind");
      if (isNewOrder || !isPlainAnswer(signs(text), signs(about), labels)) return undefined;
      const chosen = chooseOption(text, labels, homeWordsIn(language)?.isSmall);
      if (chosen.length === 0) return undefined;
      const meanings = options.filter(({ label }) => chosen.includes(spoken(label))).map((option) => option.meaning());
      const resolved = before.resolved.flatMap((one) =>
        one === unclear ? meanings.map((meaning) => ({ said: one.said, meaning })) : [one],
      );
      return { locale: language, resolved, others: [] };
    }
    return undefined;
  }

  function question({ key, options }: Extract<Resolved, { kind: "ask" }>, locale: string): string {
    if (options.length > mostListed) return say(`${key}_any`, locale);
    const labels = options.map(({ label }) => spoken(label));
    const last = labels.pop() ?? "";
    const what = labels.length === 0 ? last : `${labels.join(", ")} ${say("home.or", locale)} ${last}`;
    return say(key, locale, { what });
  }

  function tell(
    task: Task,
    result: string | undefined,
    { locale, resolved }: Understood,
    client: ClientHome | undefined,
  ): HomeOutcome {
    const { part, meaning } = task;
    switch (meaning.kind) {
      case "call": {
        const read: ToolOutcome = readToolOutcome(result ?? "");
        const text = confirm(
          meaning.command,
          result === undefined || result === "" ? { ...read, status: "unclear" } : read,
          locale,
          say,
        );
        return { part, intent: meaning.command.intent, text, status: read.status === "done" ? "ok" : "failed" };
      }
      case "read": {
        const read = result === undefined ? undefined : readToolOutcome(result);
        const { intent } = meaning.command;
        if (intent === "HassTimerStatus") return outcome(part, intent, sayTimers(result ?? "", locale, say));
        const exposed = read
          ? readEntityList(typeof read.result === "string" ? afterHeading(read.result) : "")
          : (client?.exposed ?? []);
        const words = homeWordsIn(locale);
        return outcome(
          part,
          intent,
          answerState({ command: meaning.command, text: meaning.text, exposed, locale, words, say }),
        );
      }
      case "missing":
        return failure(part, "missing", sayOf("home.missing", meaning.what, locale));
      case "left_over":
        return failure(part, "missing", sayOf("home.left_over", meaning.what, locale));
      case "nevermind":
        return outcome(part, "HassNevermind", resolved.length > 1 ? "" : say("home.nevermind", locale));
      default:
        return failure(part, "none", say(isConditional(task.said) ? "home.conditional" : "home.no_tool", locale));
    }
  }

  /** Repeats what was said where it is short; longer words are not for being read back. */
  function sayOf(key: string, what: string, locale: string): string {
    const words = spoken(what);
    return words.length > longestRepeated ? say("home.no_tool", locale) : say(key, locale, { what: words });
  }
};

const outcome = (part: number, intent: string, text: string): HomeOutcome => ({ part, intent, text, status: "ok" });

const failure = (part: number, intent: string, text: string): HomeOutcome => ({ part, intent, text, status: "failed" });

const isConditional = ({ reading }: SaidCommand): boolean =>
  reading.kind === "unclear" && reading.reason === "conditional";

/** Without a model an order is told to be impossible; what is no order is left to others. */
const canTell = (said: SaidCommand, { kind }: Resolved): boolean =>
  kind === "missing" || kind === "left_over" || said.reading.kind === "command" || isConditional(said);

const areaOf = (result: string | undefined): string | undefined => {
  const read = result === undefined ? undefined : readToolOutcome(result);
  const place = read?.status === "done" ? read.result : undefined;
  const area = typeof place === "object" && place !== null && "area" in place ? place.area : undefined;
  return typeof area === "string" && area !== "" ? area : undefined;
};

const afterHeading = (text: string): string => {
  const heading = text.indexOf("in this smart home:");
  return heading < 0 ? text : text.slice(text.indexOf("\n", heading) + 1);
};

/** The languages a text may be in, likeliest first: its script leaves one or two. */
const languagesOf = (text: string, locale: string): string[] => {
  if (/[\u05d0-\u05ea]/.test(text)) return ["he"];
  if (/[\u0400-\u04ff]/.test(text)) return ["uk"];
  return /^pl/.test(locale) ? [locale, "en"] : [/^en/.test(locale) ? locale : "en", "pl"];
};
