import { Runnable, type RunnableConfig } from "@langchain/core/runnables";

type Call = (input: unknown, config: RunnableConfig) => unknown;

/** The parts of a compiled graph's node that are used here (LangGraph 1.4, pinned exactly). */
interface CompiledNode {
  readonly bound: Runnable & { readonly func?: Call };
  getWriters(): readonly (Runnable & { readonly func?: Call })[];
  getNode(): Runnable | undefined;
}

/** Several calls in a row as one runnable: each gets the same config, the last one's result is not looked at. */
class Step extends Runnable {
  lc_namespace = ["athena"];
  readonly #node: Call;
  readonly #writers: readonly Call[];

  constructor(node: Call, writers: readonly Call[]) {
    super();
    this.#node = node;
    this.#writers = writers;
  }

  override async invoke(input: unknown, config: Partial<RunnableConfig> = {}): Promise<unknown> {
    const output = await this.#node(input, config);
    for (const write of this.#writers) await write(output, config);
    return output;
  }
}

const callOf = (runnable: Runnable & { readonly func?: Call }): Call =>
  runnable.func?.bind(runnable) ?? ((input, config) => runnable.invoke(input, config));

/**
 * Makes each node of one compiled graph a single runnable, made once. As shipped, LangGraph builds for every task a new
 * sequence of runnables (node, channel writers, branches), each of which merges its config and opens an async context anew;
 * `docs/performance.md` has what that costs. Nodes get their runtime as an argument, so none of it is missed. Touches only
 * the given graph.
 */
export const useLeanSteps = <Graph extends { readonly nodes: object; readonly builder: object }>(
  graph: Graph,
): Graph => {
  // The schema that node updates would be parsed by again, key by key; the run's input is still checked by it.
  Object.assign(graph.builder, { _schemaRuntimeDefinition: undefined });
  for (const node of Object.values(graph.nodes) as CompiledNode[]) {
    const writers = node.getWriters().map(callOf);
    const step = new Step(callOf(node.bound), writers);
    node.getNode = () => step;
  }
  return graph;
};
