import { describe, expect, test } from "vitest";
import { checkCrew } from "../../../workflows/crews/check-crew.ts";
import { crewSchema } from "../../../workflows/crews/crew-schema.ts";

const parts = {
  tools: new Set(["search"]),
  models: new Set(["small"]),
  guardrails: new Set(["citations_resolve"]),
  ways: new Set(["extract"]),
};
const task = (id: string, more: object = {}) => ({
  id,
  description: "Do it.",
  expected_output: "Done.",
  without_model: "extract",
  ...more,
});
const worker = { id: "worker", role: "Worker", goal: "Work" };
const crew = (more: object) =>
  crewSchema.parse({ id: "team", description: "A team.", agents: [worker], tasks: [task("one")], ...more });

describe("a crew", () => {
  test("whose names all mean something can run", () => {
    expect(() =>
      checkCrew(
        crew({
          process: "graph",
          agents: [{ ...worker, tools: ["search"], model: "small" }],
          tasks: [
            task("one", { guardrails: [{ kind: "function", name: "citations_resolve" }] }),
            task("two", { needs: ["one"] }),
          ],
        }),
        parts,
      ),
    ).not.toThrow();
  });

  test.each([
    ["a tool that is not there", { agents: [{ ...worker, tools: ["magic"] }] }, "agents.0.tools", "'magic'"],
    ["a model that is not there", { agents: [{ ...worker, model: "huge" }] }, "agents.0.model", "'huge'"],
    ["two agents of one name", { agents: [worker, worker] }, "agents", "two agents"],
    ["two tasks of one name", { tasks: [task("one"), task("one")] }, "tasks", "two tasks"],
    ["a need that is not there", { tasks: [task("one", { needs: ["zero"] })] }, "tasks.0.needs", "'zero'"],
    ["an agent that is not there", { tasks: [task("one", { agent: "ghost" })] }, "tasks.0.agent", "'ghost'"],
    ["nobody to do a task", { agents: [worker, { ...worker, id: "other" }] }, "tasks.0.agent", "nobody"],
    ["no manager", { process: "hierarchical" }, "manager", "no manager"],
    ["a manager that is not there", { process: "hierarchical", manager: "boss" }, "manager", "'boss'"],
    [
      "a manager who is all alone with a task",
      { process: "hierarchical", manager: "worker", tasks: [task("one", { agent: "worker" }), task("two")] },
      "agents",
      "'two'",
    ],
    ["a result that is not there", { result: "two" }, "result", "'two'"],
    [
      "words of others in the words of a task",
      { input: { properties: { mail: { data: true } } }, tasks: [task("one", { description: "Sum up {mail}." })] },
      "tasks.0.description",
      "{mail}, which is data",
    ],
    [
      "a field that is neither data nor not",
      { input: { properties: { mail: { data: "yes" } } } },
      "input.properties.mail.data",
      "true or false",
    ],
    [
      "no way without a model",
      { tasks: [task("one", { without_model: "guess" })] },
      "tasks.0.without_model",
      "'guess'",
    ],
    [
      "an unknown guardrail",
      { tasks: [task("one", { guardrails: [{ kind: "function", name: "nice" }] })] },
      "tasks.0.guardrails",
      "'nice'",
    ],
    [
      "a circle",
      {
        process: "graph",
        tasks: [task("one", { needs: ["three"] }), task("two", { needs: ["one"] }), task("three", { needs: ["two"] })],
      },
      "tasks",
      "one → three → two",
    ],
    [
      "a task that waits for a later one in sequence",
      { tasks: [task("one", { needs: ["two"] }), task("two")] },
      "tasks",
      "one → two",
    ],
  ])("with %s is refused with the field", (_name, more, field, words) => {
    let thrown: unknown;
    try {
      checkCrew(crew(more), parts);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: "INVALID_INPUT", field, message: expect.stringContaining(words) });
  });

  test.each([
    [{ limits: { budget: 0 } }],
    [{ limits: { tokens: 0 } }],
    [{ tasks: [] }],
    [{ id: "Team!" }],
    [{ colour: "red" }],
  ])("that does not have the shape is refused: %j", (more) => {
    expect(() => crew(more)).toThrow();
  });
});
