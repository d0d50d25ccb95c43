import type { ModelReply, RecordedRequest } from "./model-script.ts";

const questions = { questions: ["What is known about the boiler?", "When is the boiler serviced?"] };
const proposal = {
  title: "The cache is down",
  component: "cache",
  severity: "critical",
  summary: "The cache does not answer.",
  steps: ["Raise an alert.", "Look at the cache."],
};

/** Arguments that fit the tools of the crews that ship. */
const argumentsOf: Readonly<Record<string, Record<string, unknown>>> = {
  recall_memory: { query: "boiler" },
  search: { query: "boiler" },
  activity: { period: "week" },
  check_system: {},
  raise_alert: { component: "cache", severity: "critical" },
};

/** The name under which the stand-in finds nothing in what it is shown, and says so. */
export const honest = "finds-nothing";

/** The name under which the stand-in answers nothing but errors. */
export const away = "away";

/**
 * What a stand-in of a model says to the tasks of the crews that ship: it calls each tool that it is offered once, answers with JSON where
 * a schema is asked for, and else cites every source that it was shown.
 */
export const crewModel = ({ body }: RecordedRequest): ModelReply => {
  if (body.model === away) return { kind: "failure", status: 503 };
  const messages: readonly { readonly role: string; readonly content: string | null }[] = body.messages;
  const asked = messages.map(({ content }) => content ?? "").join("\n");
  const last = messages.at(-1)!;
  if (body.tools && last.role !== "tool") {
    const tools: readonly { readonly function: { readonly name: string } }[] = body.tools;
    return { toolCalls: tools.map(({ function: { name } }) => ({ name, arguments: argumentsOf[name] ?? {} })) };
  }
  if (asked.includes("must fit this schema")) {
    return { text: JSON.stringify(asked.includes('"questions"') ? questions : proposal) };
  }
  if (body.model === honest) return { text: "Nothing of this says anything about it." };
  const data = [...asked.matchAll(/<data key="\w+">([\s\S]*?)<\/data/g)].map(([, block]) => block).join("\n");
  const shown = [...new Set([...data.matchAll(/\[(\d+)\]/g)].map(([, mark]) => mark))];
  return {
    text: shown.length > 0 ? `This was found ${shown.map((mark) => `[${mark}]`).join("")}.` : "Nothing was found.",
  };
};
