import { createHash } from "node:crypto";
import { z } from "zod";
import type { ServedModel } from "../chat/model-directory.ts";

const Details = z.object({
  parent_model: z.string(),
  format: z.string(),
  family: z.string(),
  families: z.array(z.string()),
  parameter_size: z.string(),
  quantization_level: z.string(),
});

const entry = {
  name: z.string(),
  model: z.string().describe("The same as `name`; clients read either."),
  size: z.int(),
  digest: z.string(),
  details: Details,
};
export const OllamaTags = z.object({ models: z.array(z.object({ ...entry, modified_at: z.iso.datetime() })) });
export const OllamaPs = z.object({
  models: z.array(z.object({ ...entry, expires_at: z.iso.datetime(), size_vram: z.int(), context_length: z.int() })),
});
export const OllamaShow = z.object({
  details: Details,
  model_info: z.record(z.string(), z.unknown()),
  capabilities: z.array(z.string()),
  template: z.string(),
  modelfile: z.string(),
  parameters: z.string(),
  modified_at: z.iso.datetime(),
});

/** A name with its tag, as Ollama lists names. */
const tagged = (id: string): string => (/:[^/]+$/.test(id) ? id : `${id}:latest`);

export const toDetails = ({ owner }: ServedModel): z.infer<typeof Details> => ({
  parent_model: "",
  format: owner,
  family: owner,
  families: [owner],
  parameter_size: "",
  quantization_level: "",
});

/** What `tags` and `ps` have in common. The digest is made from the id: stable, and different for each model. */
export const toModelEntry = (model: ServedModel) => {
  const name = tagged(model.id);
  return {
    name,
    model: name,
    size: 0,
    digest: createHash("sha256").update(model.id).digest("hex"),
    details: toDetails(model),
  };
};

const capabilityNames = { chat: "completion", tools: "tools", vision: "vision", embeddings: "embedding" } as const;

/** Ollama's words for what a model can do; every chat model takes tools, since clients switch them on by this list. */
export const toOllamaCapabilities = ({ capabilities }: ServedModel): readonly string[] => {
  const names = capabilities.map((capability) => capabilityNames[capability]);
  return [...new Set(names.flatMap((name) => (name === "completion" ? [name, "tools"] : [name])))];
};
