import type { Files, Names } from "./names.ts";

/** A service with one provider: entries about a subject, from an address of the settings. */
export const serviceFiles = ({ kebab, pascal, snake, upper, words }: Names): Files => ({
  [`rag-services/${kebab}/provider.ts`]: `import { z } from "zod";
import type { Outbound } from "../../platform/egress/outbound.ts";
import { attemptTimeoutMs, parseReply, providerUrl } from "../provider.ts";
import type { ServiceContext } from "../rag-service.ts";

const Reply = z.object({
  entries: z.array(
    z.object({
      title: z.string().min(1),
      summary: z.string(),
      url: z.url({ protocol: /^https?$/ }).optional(),
      updated: z.iso.datetime({ offset: true }),
    }),
  ),
});

export interface ${pascal}ProviderDeps {
  readonly outbound: Outbound;
  readonly baseUrl: string;
}

/** Asks the provider for entries about a subject, in its own order. @throws {AppError} UPSTREAM_UNAVAILABLE */
export const create${pascal}Provider = ({ outbound, baseUrl }: ${pascal}ProviderDeps) => ({
  name: "${words}",
  async entries(subject: string, { signal, permit }: ServiceContext) {
    const url = providerUrl(baseUrl, "entries", { subject });
    const reply = await outbound({ provider: "${words}", url, permit, signal, timeoutMs: attemptTimeoutMs });
    return parseReply(Reply, reply, "${words}").entries;
  },
});
`,
  [`rag-services/${kebab}/render.ts`]: `import type { FoundEvidence } from "../rag-service.ts";
import { sourceLine } from "../render-text.ts";

/** One line for each entry, then the source with the time of the newest. */
export const render${pascal} = (evidence: readonly FoundEvidence[], locale: string, timezone: string): string =>
  [...evidence.map(({ text }) => text), sourceLine(evidence, locale, timezone)].filter(Boolean).join("\\n");
`,
  [`rag-services/${kebab}/service.ts`]: `import { z } from "zod";
import { AppError } from "../../platform/errors/app-error.ts";
import { firstThatAnswers } from "../provider.ts";
import type { RagService } from "../rag-service.ts";
import { phrase } from "../render-text.ts";
import type { ServiceDeps } from "../service-list.ts";
import { create${pascal}Provider } from "./provider.ts";
import { render${pascal} } from "./render.ts";

export const ${pascal}Slots = z.object({ subject: z.string().trim().min(1).max(200).describe("What to look up.") });
export type ${pascal}Slots = z.infer<typeof ${pascal}Slots>;

const mostEntries = 5;

/** ${words}: at most five entries about a subject, each with its time. Source: \`${upper}_URL\`. */
export const create${pascal} = ({
  settings,
  outbound,
}: Pick<ServiceDeps, "settings" | "outbound">): RagService<${pascal}Slots> => {
  const baseUrl = settings.${upper}_URL;
  const providers = baseUrl === undefined ? [] : [create${pascal}Provider({ outbound, baseUrl })];
  return {
    id: "${kebab}",
    intents: ["${snake}"],
    slots: ${pascal}Slots,
    providers: providers.map(({ name }) => name),
    async query({ subject }, context) {
      if (providers.length === 0) {
        throw new AppError(
          "NOT_CONFIGURED",
          phrase(context.locale, {
            en: "No source is set up for this (${upper}_URL).",
            pl: "Nie ustawiono źródła tych danych (${upper}_URL).",
          }),
        );
      }
      const { value, provider, degraded } = await firstThatAnswers(
        providers,
        (candidate) => candidate.entries(subject, context),
        context,
      );
      const evidence = value.slice(0, mostEntries).map(({ title, summary, url, updated }) => ({
        service: "${kebab}",
        title,
        text: \`\${title}: \${summary}\`,
        data: { title, summary },
        sourceName: provider.name,
        ...(url === undefined ? {} : { sourceUrl: url }),
        observedAt: updated,
        score: 1,
      }));
      if (evidence.length > 0) return { evidence, degraded };
      throw new AppError(
        "NOT_FOUND",
        phrase(context.locale, {
          en: \`I found nothing about "\${subject}".\`,
          pl: \`Nie znalazłem nic na temat „\${subject}”.\`,
        }),
      );
    },
    render: render${pascal},
  };
};
`,
  [`tests/rag-services/${kebab}/service.test.ts`]: `import { afterAll, beforeAll, expect, test } from "vitest";
import { create${pascal} } from "../../../rag-services/${kebab}/service.ts";
import { ragServiceContract, testContext, testServiceDeps } from "../../contracts/rag-service.contract.ts";
import { type ProviderServer, startProviderServer } from "../../support/provider-server.ts";

const entry = { title: "Opening", summary: "at 10", url: "https://example.test/1", updated: "2026-08-01T08:00:00Z" };
const path = "/${kebab}/entries";

ragServiceContract("${kebab}", {
  create: create${pascal},
  script: (server) => server.on(path, { body: { entries: [entry] } }),
  slots: { subject: "museum" },
  junkSlots: [{}, { subject: "" }, { subject: 5 }],
  says: { en: ["Opening: at 10", "Source:"], pl: ["Opening: at 10", "Źródło:"] },
});

let server: ProviderServer;
beforeAll(async () => {
  server = await startProviderServer();
});
afterAll(() => server.close());

test("asks for the subject and says when nothing is known about it", async () => {
  server.on(path, { body: { entries: [] } });
  const asked = create${pascal}(testServiceDeps(server)).query({ subject: "museum" }, testContext());
  await expect(asked).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(server.requests[0]?.query.get("subject")).toBe("museum");
});

test("names the setting when no source is set up", async () => {
  const deps = testServiceDeps(server);
  const settings = { ...deps.settings, ${upper}_URL: undefined };
  const asked = create${pascal}({ ...deps, settings }).query({ subject: "museum" }, testContext());
  await expect(asked).rejects.toMatchObject({ code: "NOT_CONFIGURED", message: expect.stringContaining("${upper}_URL") });
});
`,
});
