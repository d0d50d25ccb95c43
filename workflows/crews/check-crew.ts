import { AppError } from "../../platform/errors/app-error.ts";
import type { Crew } from "./crew.ts";
import { schemaProblem } from "./crew-json-schema.ts";
import { placeholdersIn } from "./fill-in.ts";
import { dataFieldsOf, unclearField } from "./split-input.ts";
import { findCircle, waitsFor } from "./task-order.ts";

/** What the installation has for crews to use. */
export interface CrewParts {
  readonly tools: Names;
  readonly models: Names;
  readonly guardrails: Names;
  /** Ways of doing a task without a model. */
  readonly ways: Names;
}

type Names = Pick<ReadonlySet<string>, "has">;

const twice = (ids: readonly string[]): string | undefined => ids.find((id, index) => ids.indexOf(id) !== index);

/**
 * Whether a crew can run at all: names are there once and mean something, and nothing waits for itself.
 * @throws {AppError} INVALID_INPUT naming what is wrong, and the field.
 */
export const checkCrew = (crew: Crew, parts: CrewParts): void => {
  const refuse = (field: string, message: string): never => {
    throw new AppError("INVALID_INPUT", `The crew '${crew.id}' cannot run: ${message}`, { field });
  };
  const agents = crew.agents.map(({ id }) => id);
  const tasks = crew.tasks.map(({ id }) => id);
  const agent = twice(agents);
  if (agent) refuse("agents", `two agents are called '${agent}'.`);
  const task = twice(tasks);
  if (task) refuse("tasks", `two tasks are called '${task}'.`);
  if (crew.manager !== undefined && !agents.includes(crew.manager)) {
    refuse("manager", `there is no agent '${crew.manager}' to manage it.`);
  }
  if (crew.process === "hierarchical" && crew.manager === undefined) refuse("manager", "it has no manager.");
  const unassigned = crew.tasks.find((each) => each.agent === undefined);
  if (crew.process === "hierarchical" && unassigned && agents.every((id) => id === crew.manager)) {
    refuse("agents", `its manager has nobody to give the task '${unassigned.id}' to.`);
  }
  if (crew.result !== undefined && !tasks.includes(crew.result)) {
    refuse("result", `there is no task '${crew.result}' to take the result from.`);
  }
  const badInput = schemaProblem(crew.input);
  if (badInput) refuse("input", `its input's schema ${badInput}.`);
  const unclear = unclearField(crew.input);
  if (unclear !== undefined) refuse(`input.properties.${unclear}.data`, "`data` is true or false.");
  const dataFields = dataFieldsOf(crew.input);
  const fields = crew.input.properties;
  const given = typeof fields === "object" && fields !== null ? new Set(Object.keys(fields)) : undefined;
  for (const [index, { id, tools, model }] of crew.agents.entries()) {
    const tool = tools.find((name) => !parts.tools.has(name));
    if (tool) refuse(`agents.${index}.tools`, `the agent '${id}' names the tool '${tool}', which is not there.`);
    if (model !== undefined && !parts.models.has(model)) {
      refuse(`agents.${index}.model`, `the agent '${id}' names the model '${model}', which is not there.`);
    }
  }
  for (const [index, each] of crew.tasks.entries()) {
    const field = `tasks.${index}`;
    const unknown = each.needs.find((need) => !tasks.includes(need));
    if (unknown) refuse(`${field}.needs`, `'${each.id}' needs the task '${unknown}', which is not there.`);
    if (
      each.agent === undefined ? crew.process !== "hierarchical" && agents.length > 1 : !agents.includes(each.agent)
    ) {
      refuse(
        `${field}.agent`,
        `nobody does the task '${each.id}'${each.agent ? `: there is no agent '${each.agent}'` : ""}.`,
      );
    }
    if (!parts.ways.has(each.withoutModel)) {
      refuse(`${field}.without_model`, `there is no way '${each.withoutModel}' to do '${each.id}' without a model.`);
    }
    const empty = given && placeholdersIn(each.description).find((name) => !given.has(name));
    if (empty) refuse(`${field}.description`, `'${each.id}' speaks of {${empty}}, which its input does not have.`);
    const quoted = placeholdersIn(`${each.description}\n${each.expectedOutput}`).find((name) => dataFields.has(name));
    if (quoted) {
      refuse(
        `${field}.description`,
        `'${each.id}' speaks of {${quoted}}, which is data: agents see it beside their task.`,
      );
    }
    for (const guardrail of each.guardrails) {
      const bad = guardrail.kind === "schema" ? schemaProblem(guardrail.schema) : undefined;
      if (bad) refuse(`${field}.guardrails`, `a schema of '${each.id}' ${bad}.`);
      if (guardrail.kind === "function" && !parts.guardrails.has(guardrail.name)) {
        refuse(`${field}.guardrails`, `there is no guardrail '${guardrail.name}'.`);
      }
    }
  }
  const circle = findCircle(waitsFor(crew));
  if (circle) refuse("tasks", `these tasks wait for one another: ${circle.join(" → ")}.`);
};
