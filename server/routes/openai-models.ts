import { z } from "zod";
import type { ModelDirectory, ServedModel } from "../chat/model-directory.ts";
import { modelNotFound } from "../openai/model-not-found.ts";
import { defineRoute, type Route } from "../route.ts";

const Model = z
  .object({ id: z.string(), object: z.literal("model"), created: z.int(), owned_by: z.string() })
  .meta({ id: "Model" });
const ModelList = z.object({ object: z.literal("list"), data: z.array(Model) });

/** GET /v1/models and GET /v1/models/{id}: the names that may be called. Never waits for a slow provider. */
export const createModelsRoutes = ({ directory }: { readonly directory: ModelDirectory }): readonly Route[] => {
  const created = Math.floor(Date.now() / 1000);
  const toModel = ({ id, owner }: ServedModel): z.infer<typeof Model> => ({
    id,
    object: "model",
    created,
    owned_by: owner,
  });
  return [
    defineRoute({
      method: "get",
      path: "/v1/models",
      aliases: ["/models"],
      surface: "openai",
      access: "key",
      summary: "Lists the models.",
      replies: { 200: { description: "Athena's own first.", content: { "application/json": ModelList } } },
      async handle({ response }) {
        response.json({ object: "list", data: (await directory.list()).map(toModel) });
      },
    }),
    defineRoute({
      method: "get",
      path: "/v1/models/*id",
      aliases: ["/models/*id"],
      surface: "openai",
      access: "key",
      summary: "One model; its id may contain slashes and colons.",
      replies: { 200: { description: "The model.", content: { "application/json": Model } } },
      async handle({ request, response }) {
        const name = [request.params.id ?? []].flat().join("/");
        const model = await directory.find(name);
        if (model === undefined) throw modelNotFound(name);
        response.json(toModel(model));
      },
    }),
  ];
};
