import { z } from "zod";
import { checkSlots } from "../../platform/egress/check-slots.ts";
import { AppError, isAppError } from "../../platform/errors/app-error.ts";
import { sameName } from "../match-words.ts";
import { firstThatAnswers, slotError } from "../provider.ts";
import type { FoundEvidence, RagService, ServiceAnswer, ServiceContext } from "../rag-service.ts";
import { countryName, isoDay, phrase } from "../render-text.ts";
import type { ServiceDeps } from "../service-list.ts";
import { countryOf } from "./country-of.ts";
import { renderStreaming, type StreamingData, showingSentence, titleSentence } from "./render.ts";
import type { Showing, TitleAspect, TitleProvider } from "./title.ts";
import { createTmdb } from "./tmdb.ts";
import { createTvmaze } from "./tvmaze.ts";

// Two words for one thing: as a person says it, and as understanding calls it.
const aliases: Readonly<Record<string, string>> = { next_episode: "when", plot: "about" };

export const StreamingSlots = z.object({
  title: z.string().trim().max(200).optional().describe("A series or film"),
  aspect: z
    .enum(["where", "when", "next_episode", "about", "plot", "cast", "episodes", "tonight"])
    .optional()
    .catch(undefined)
    .transform((aspect) => (aspect === undefined ? undefined : (aliases[aspect] ?? aspect)))
    .pipe(z.enum(["where", "when", "about", "cast", "episodes", "tonight"]).optional()),
  country: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[A-Z]{2}$/)
    .optional()
    .describe("ISO 3166-1 alpha-2"),
});
export type StreamingSlots = z.infer<typeof StreamingSlots>;

const freshSeconds = 3_600;
const mostShowings = 12;
/** From when on, in local time, it is tonight. */
const eveningHour = 18;

/** The hour of a moment in a zone. */
const hourIn = (moment: Date, timezone: string): number =>
  Number(new Intl.DateTimeFormat("en-GB", { timeZone: timezone, hour: "numeric", hourCycle: "h23" }).format(moment));

/**
 * What to watch and where: who shows a title, its next episode, what it is about, what is on tonight.
 *
 * Where a title can be watched is TMDB's strength (it knows the services of each country, and films), so with a key it goes
 * first for that and for what a title is about, in the user's language; TVmaze goes first for episodes, whose hour only it
 * knows, and answers everything about series without a key.
 */
export const createStreaming = ({
  settings,
  outbound,
}: Pick<ServiceDeps, "settings" | "outbound">): RagService<StreamingSlots> => {
  const tvmaze = createTvmaze({ settings, outbound });
  const tmdb = settings.TMDB_API_KEY ? [createTmdb({ settings, outbound }, settings.TMDB_API_KEY)] : [];
  const inOrder = (aspect: TitleAspect): readonly TitleProvider[] =>
    aspect === "when" ? [tvmaze, ...tmdb] : [...tmdb, tvmaze];

  const evidenceOf = (
    provider: Pick<TitleProvider, "credit">,
    { now }: ServiceContext,
    piece: { readonly title: string; readonly text: string; readonly url: string; readonly data: StreamingData },
  ): FoundEvidence => ({
    service: "streaming",
    title: piece.title,
    text: piece.text,
    data: { ...piece.data },
    sourceName: provider.credit,
    sourceUrl: piece.url,
    observedAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + freshSeconds * 1_000).toISOString(),
    score: 1,
  });

  const tonight = async (country: string, context: ServiceContext): Promise<ServiceAnswer> => {
    const { locale, timezone, now } = context;
    const { value, degraded } = await firstThatAnswers(
      [tvmaze],
      (provider) => provider.schedule(country, isoDay(now, timezone), context),
      context,
    );
    const isTonight = ({ episode: { airsAt } }: Showing): boolean => {
      const at = airsAt === undefined ? undefined : new Date(airsAt);
      return at !== undefined && hourIn(at, timezone) >= eveningHour && at.getTime() > now.getTime() - 3_600_000;
    };
    const shown = value.filter(isTonight).slice(0, mostShowings);
    if (shown.length === 0) {
      const where = countryName(country, locale);
      throw new AppError(
        "NOT_FOUND",
        phrase(locale, {
          en: `I found no programme for tonight (${where}).`,
          pl: `Nie znalazłem programu na dziś wieczór (${where}).`,
        }),
      );
    }
    const evidence = shown.map((showing) =>
      evidenceOf(tvmaze, context, {
        title: showing.series,
        text: showingSentence(showing, locale, timezone),
        url: showing.url,
        data: { kind: "showing", showing },
      }),
    );
    return { evidence, degraded };
  };

  const about = async (title: string, aspect: TitleAspect, country: string, context: ServiceContext) => {
    const { locale, timezone } = context;
    const { value, provider, degraded } = await firstThatAnswers(
      inOrder(aspect),
      (candidate) => candidate.title({ title, aspect, country }, context),
      context,
    ).catch((error: unknown) => {
      if (!isAppError(error, "NOT_FOUND")) throw error;
      const texts = {
        en: `I found no series or film called "${title}".`,
        pl: `Nie znalazłem serialu ani filmu o tytule „${title}”.`,
      };
      throw new AppError("NOT_FOUND", phrase(locale, texts), { cause: error });
    });
    const evidence = evidenceOf(provider, context, {
      title: value.name,
      text: titleSentence(value, aspect, locale, timezone),
      url: value.url,
      data: { kind: "title", aspect, title: value },
    });
    const said = `${value.name} (${value.year ?? "?"})`;
    const [other] = value.alternatives;
    const reason = other
      ? phrase(locale, {
          en: `Taken to be ${said}; there is also ${other}.`,
          pl: `Przyjęto: ${said}; jest też ${other}.`,
        })
      : phrase(locale, { en: `The closest title found is ${said}.`, pl: `Najbliższy znaleziony tytuł to ${said}.` });
    const choice = other || !sameName(value.name, title) ? [{ part: "streaming", reason }] : [];
    return { evidence: [evidence], degraded: [...degraded, ...choice] };
  };

  return {
    id: "streaming",
    intents: ["streaming"],
    slots: StreamingSlots,
    providers: inOrder("where").map(({ name }) => name),
    async query({ title, aspect, country: given }, context) {
      await checkSlots(context.permit, { title });
      const country = countryOf(given, context.locale, context.timezone);
      if (title && aspect !== "tonight") return about(title, aspect ?? "where", country, context);
      if (aspect === "tonight" || aspect === undefined) return tonight(country, context);
      throw slotError("title", context.locale, {
        en: "Which series or film do you mean?",
        pl: "O jaki serial lub film chodzi?",
      });
    },
    render: renderStreaming,
  };
};
