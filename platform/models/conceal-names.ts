import type { ProviderRequest } from "./provider.ts";

/** Names of tools and ids of calls as they may leave, and the way back. */
export interface ConcealedNames {
  name(original: string): string;
  id(original: string): string;
  /** What a name in the answer stands for. */
  restoreName(given: string): string;
}

const namesOf = ({ tools = [], messages, toolChoice }: ProviderRequest): string[] => [
  ...tools.map(({ name }) => name),
  ...messages.flatMap((message) =>
    message.role === "assistant"
      ? (message.toolCalls ?? []).map(({ name }) => name)
      : message.role === "tool" && message.toolName !== undefined
        ? [message.toolName]
        : [],
  ),
  ...(typeof toolChoice === "object" ? [toolChoice.name] : []),
];

const idsOf = ({ messages }: ProviderRequest): string[] =>
  messages.flatMap((message) =>
    message.role === "assistant"
      ? (message.toolCalls ?? []).map(({ id }) => id)
      : message.role === "tool"
        ? [message.toolCallId]
        : [],
  );

/** Neutral names for those that hold an identifier: a placeholder's marks may not stand in a name. */
const neutralNames = (
  given: readonly string[],
  word: string,
  conceal: (text: string) => string,
): ReadonlyMap<string, string> => {
  const taken = new Set(given);
  const neutral = new Map<string, string>();
  let count = 0;
  for (const name of taken) {
    const spaced = name.replace(/[_.-]+/g, " ");
    const isClean = [name, spaced].map((text) => conceal(text) === text);
    if (!isClean.includes(false)) continue;
    do count += 1;
    while (taken.has(`${word}_${count}`));
    neutral.set(name, `${word}_${count}`);
  }
  return neutral;
};

/** Reads all names of a request; the same request and permit always give the same. */
export const concealNames = (request: ProviderRequest, conceal: (text: string) => string): ConcealedNames => {
  const names = neutralNames(namesOf(request), "tool", conceal);
  const ids = neutralNames(idsOf(request), "call", conceal);
  const back = new Map([...names].map(([original, given]) => [given, original]));
  return {
    name: (original) => names.get(original) ?? original,
    id: (original) => ids.get(original) ?? original,
    restoreName: (given) => back.get(given) ?? given,
  };
};
