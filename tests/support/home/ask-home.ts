import { createHomeParser } from "../../../nodes/home/home-parser.ts";
import { createClientHomes } from "../../../nodes/home-client/client-home.ts";
import { createHomeDialogue, type HomeRequest, type ReadHome } from "../../../nodes/home-client/home-dialogue.ts";
import type { IntentPart } from "../../../nodes/understanding/understood-query.ts";
import { createSay } from "../../../nodes/wording.ts";
import { readDefaultFiles } from "../../../platform/config/default-files.ts";
import type { PromptRow } from "../../../platform/config/registry.ts";
import type { ChatMessage } from "../../../platform/models/model-gateway.ts";
import * as client from "./home-client.ts";

const prompts = (await readDefaultFiles()).rows().prompts as unknown as PromptRow[];
const homeParser = createHomeParser();

export interface AskedHome extends client.PromptOptions {
  readonly tools?: readonly client.HomeTool[];
  readonly request?: Partial<HomeRequest>;
  readonly hasModel?: boolean;
  /** Without a system message that describes the home. */
  readonly isUndescribed?: boolean;
  /** What was said before, and the calls since. */
  readonly before?: readonly ChatMessage[];
  readonly after?: readonly ChatMessage[];
  readonly parser?: ReadHome;
}

/** What the home's dialogue makes of one turn: its calls, its answer, or "passed on". */
export const askHome = (
  text: string,
  {
    tools = client.homeTools(),
    request = {},
    hasModel = false,
    isUndescribed = false,
    before = [],
    after = [],
    parser = homeParser,
    ...prompt
  }: AskedHome = {},
) => {
  const decide = createHomeDialogue({
    parser,
    say: createSay(() => prompts),
    homes: createClientHomes(),
    hasModel: () => hasModel,
  });
  const decision = decide({
    messages: [
      { role: "system", content: isUndescribed ? "You are a voice assistant." : client.homePrompt(prompt) },
      ...before,
      { role: "user", content: text },
      ...after,
    ],
    tools: tools.map(({ function: declared }) => declared as never),
    toolChoice: undefined,
    parallelToolCalls: undefined,
    parts: [],
    locale: "en",
    ...request,
  });
  if (!decision) return "passed on";
  return decision.kind === "calls"
    ? decision.calls.map((call) => [call.name, call.arguments])
    : decision.outcomes.map((outcome) => outcome.text).join(" ");
};

/** A text cut at its commas into parts that only examples told apart, the home's among them. */
export const cutAtCommas = (text: string): IntentPart[] =>
  text
    .split(/,\s+/)
    .map((part) => ({ text: part, name: "memory_recall", confidence: 0.9, tier: "example", slots: {} }));

/** The reading tools of the home's client: none of them changes anything. */
export const readingTools: ReadonlySet<string> = new Set([
  "GetLiveContext",
  "GetCurrentLocation",
  "GetDateTime",
  "HassTimerStatus",
]);

/** The names of the calls that would change something. */
export const writingCalls = (answer: ReturnType<typeof askHome>): unknown[] =>
  Array.isArray(answer) ? answer.map(([name]) => name).filter((name) => !readingTools.has(String(name))) : [];
