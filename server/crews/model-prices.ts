import { AppError } from "../../platform/errors/app-error.ts";
import type { Usage } from "../../platform/models/model-gateway.ts";

/** What an answer of a model costs, in the currency of the prices; 0 for a model that has none. */
export type CostOf = (model: string, usage: Usage) => number;

interface Price {
  readonly input: number;
  readonly output: number;
}

const perTokens = 1_000_000;
const entry = /^([^\s=,*]+(?:\/\*)?)=(\d+(?:\.\d+)?)\/(\d+(?:\.\d+)?)$/;

/**
 * Reads `provider/model=INPUT/OUTPUT`, prices of a million tokens, separated by commas; `provider/*` stands for all of its other models.
 * @throws {AppError} CONFIG_INVALID naming the entry.
 */
export const parseModelPrices = (setting: string | undefined): CostOf => {
  const prices = new Map<string, Price>();
  const entries = (setting ?? "").split(",").map((each) => each.trim());
  for (const each of entries.filter((one) => one !== "")) {
    const [, model, input, output] = entry.exec(each) ?? [];
    if (model === undefined) {
      throw new AppError(
        "CONFIG_INVALID",
        `ATHENA_MODEL_PRICES: '${each}' is no price; write provider/model=INPUT/OUTPUT, such as openai/gpt-5=1.25/10.`,
      );
    }
    prices.set(model, { input: Number(input), output: Number(output) });
  }
  return (model, { promptTokens, completionTokens }) => {
    const price = prices.get(model) ?? prices.get(`${model.split("/", 1)[0]}/*`);
    return price ? (promptTokens * price.input + completionTokens * price.output) / perTokens : 0;
  };
};
