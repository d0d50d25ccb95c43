import { fillIn } from "../../crews/fill-in.ts";
import type { CrewTool } from "../task-work-deps.ts";
import { plainLine } from "./plain-line.ts";
import type { Way, WayRequest } from "./way.ts";

/** The fields of the job's input that a tool takes; a `text` or `query` that the input lacks is the task itself. */
const argumentsFor = ({ parameters }: CrewTool, { input, data, task }: WayRequest): Record<string, unknown> => {
  const given = { ...data, ...input };
  const fields = Object.keys((parameters.properties as Record<string, unknown> | undefined) ?? {});
  const said = fillIn(task.description, input);
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = Object.hasOwn(given, field)
        ? given[field]
        : field === "text" || field === "query"
          ? said
          : undefined;
      return value === undefined ? [] : [[field, value]];
    }),
  );
};

/** Calls each tool of the agent once, in the order in which the agent names them, and says what they gave. */
export const callToolsInOrder: Way = async (request) => {
  const { tools, use, book } = request;
  const lines: string[] = [];
  const results: Record<string, unknown> = {};
  for (const tool of tools) {
    const answer = await use(tool.name, argumentsFor(tool, request));
    if (answer.status !== "ok") {
      lines.push(`${tool.name}: ${answer.reason}`);
      continue;
    }
    const numbers = answer.sources.map((source) => book.add(source));
    const said = [
      answer.text.trim(),
      ...answer.sources.map(({ text }, index) => `${plainLine(text)} [${numbers[index]}]`),
    ];
    lines.push(said.filter(Boolean).join("\n"));
    if (answer.data !== undefined) results[tool.name] = answer.data;
  }
  return { text: lines.join("\n\n"), data: { results }, material: lines };
};
