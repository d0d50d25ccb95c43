import type { RegistrySource } from "../../platform/config/registry.ts";
import type { Gazetteer } from "../../rag-services/places/place.ts";
import { compileRules, type RuleSet } from "./rules.ts";

/**
 * The rules of the registry, compiled when the rows change. Rows that do not compile leave the last good set in force and
 * are reported.
 * @throws {AppError} INVALID_INPUT when the first set does not compile.
 */
export const createRulesInForce = (
  registry: RegistrySource,
  report: (error: unknown) => void,
  gazetteer?: Pick<Gazetteer, "find">,
): ((intents: readonly string[]) => RuleSet) => {
  let compiled = compileRules(registry.current().validationRules, gazetteer);
  registry.onChange(({ validationRules }) => {
    try {
      compiled = compileRules(validationRules, gazetteer);
    } catch (error) {
      report(error);
    }
  });
  return (intents) => compiled(intents);
};
