import { z } from "zod";
import { AppError } from "../errors/app-error.ts";
import { canonicalLocale, canonicalTimezone } from "../language/intl-names.ts";
import { coreNamePattern, defaultCoreName } from "./core-name.ts";
import { jobSettings } from "./job-settings.ts";
import { publishedRecall } from "./published-recall.ts";

const url = z.url({ protocol: /^https?$/ });
const text = z.string().min(1);
const port = z.coerce.number().int().min(0).max(65_535);
const list = text.transform((value) =>
  value
    .split(",")
    .map((item) => item.trim())
    .filter(Boolean),
);
const provider = (address: string, what: string) => url.default(address).describe(`Address of ${what}.`);

/** Every setting: its environment variable, type, default and meaning. `docs/settings.md` and `.env.example` are made from it. */
export const Settings = z.object({
  ATHENA_HOST: text.default("127.0.0.1").describe("Address to listen on. Another than loopback needs ATHENA_API_KEYS."),
  ATHENA_PORT: port.default(8000).describe("Port to listen on; 0 takes a free one."),
  ATHENA_DATA_DIR: text.default(".athena").describe("Folder of the embedded database, the key file and the lock."),
  ATHENA_MASTER_KEY: z
    .string()
    .min(16)
    .optional()
    .describe(
      "Wraps the keys of confidential threads: 32 bytes as base64 or hex, or a passphrase of at least 16 characters. Unset: a key file in the data folder.",
    ),
  ATHENA_API_KEYS: z
    .string()
    .optional()
    .describe(
      "Who may call: `name=secret[:profile]`, or `name=secret:admin` for an administrator, `:auditor` for an auditor, separated by commas; a bare secret is allowed. Unset: loopback only, one local user.",
    ),
  ATHENA_PROFILE: text.default("openai").describe("Client profile of the local user, when there are no keys."),
  ATHENA_IDENTITY_SECRET: z
    .string()
    .min(16)
    .optional()
    .describe(
      "Secret that a front end signs its users' tokens with (Open WebUI: FORWARD_USER_INFO_HEADER_JWT_SECRET). Set: users named in plain headers are refused.",
    ),
  ATHENA_AUXILIARY_MODEL: text
    .optional()
    .describe("Small model for titles, tags and suggestions (`provider/model` or an alias). Unset: the answer model."),
  ATHENA_AUXILIARY_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(0)
    .default(60)
    .describe("Titles, tags and suggestions that one caller may ask for in a minute."),
  ATHENA_LOCALE: text
    .refine(canonicalLocale, "expected a language tag such as 'pl' or 'en-GB'")
    .default("en")
    .describe("Language of answers when the text's own cannot be told."),
  ATHENA_TIMEZONE: text
    .refine(canonicalTimezone, "expected an IANA time zone such as 'Europe/Warsaw'")
    .default(Intl.DateTimeFormat().resolvedOptions().timeZone)
    .describe("Zone of dates and times (IANA); default: the host's."),
  ATHENA_DEADLINE_SECONDS: z.coerce.number().positive().max(3_600).default(120).describe("Longest time for one query."),
  ATHENA_SYNC_LIMIT_SECONDS: z.coerce
    .number()
    .positive()
    .max(3_600)
    .default(30)
    .describe("After so long an answer of which nothing is out yet goes on as a long job, where it can."),
  ATHENA_STEP_TIMEOUT_SECONDS: z.coerce
    .number()
    .positive()
    .max(600)
    .default(4)
    .describe("Longest time for one step (service, tool, recall)."),
  ATHENA_FIRST_TOKEN_SECONDS: z.coerce
    .number()
    .positive()
    .max(600)
    .default(60)
    .describe("Longest wait for a model's first token."),
  ATHENA_MODEL: text
    .optional()
    .describe(
      "Model that writes answers: `provider/model` or an alias. Unset: the only model that can be meant, else start stops.",
    ),
  ATHENA_EMBEDDING_MODEL: text
    .optional()
    .describe(
      "Embedding model: `provider/model` or an alias of one. Messages of open threads, documents and the registry's examples are sent to it; its vectors find by meaning and help to tell intents apart. After a change `athena atlas reindex` makes all vectors anew. Unset: hashed words, on this machine.",
    ),
  ATHENA_VECTOR_EMBEDDER: z
    .enum(["engine", "core"])
    .default("engine")
    .describe(
      "Who makes the vectors of messages, documents and queries: this engine, with ATHENA_EMBEDDING_MODEL, or the deep core at ATHENA_CORE_URL, with the model that it is set to. After a change `athena atlas reindex` makes all vectors anew.",
    ),
  ATHENA_COMPOSE: z
    .enum(["auto", "facts", "model"])
    .default("auto")
    .describe(
      "Who writes answers: `auto` the model unless every part is pure computation, `facts` templates only, `model` always the model.",
    ),
  ATHENA_TOOL_ROUNDS: z.coerce
    .number()
    .int()
    .min(0)
    .max(20)
    .default(4)
    .describe("Most times that a model may call Athena's own tools in one answer; 0: they are not offered to it."),
  ATHENA_TOOL_CALLS: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(12)
    .describe("Most calls of Athena's own tools in one answer."),
  ATHENA_BLOCKED_EGRESS: z
    .enum(["blocked", "sanitized", "generalised"])
    .default("blocked")
    .describe(
      `What confidential queries without consent and without a local model may do. \`sanitized\` replaces identifiers before anything leaves: the recognisers find ${Math.round(100 * publishedRecall.names)} % of people's names and ${Math.round(100 * publishedRecall.structured)} % of structured identifiers (docs/privacy.md), so the rest leaves. \`generalised\` sends intents and public values only.`,
    ),
  ATHENA_RECOGNISER: url
    .optional()
    .describe(
      "Server that finds identifiers (Presidio analyzer's `POST /analyze`), on this machine or its private network. It sees every text before it leaves in the classes `sanitized` and `generalised`; without its answer nothing leaves.",
    ),
  ATHENA_RECOGNISER_LANGUAGES: list
    .default(["en"])
    .describe("Languages that the recogniser's models know, separated by commas; other texts are sent as the first."),
  ATHENA_RECOGNISER_TIMEOUT_SECONDS: z.coerce
    .number()
    .positive()
    .max(60)
    .default(2)
    .describe("Longest time for the recogniser to look at one text."),
  ATHENA_INDEX_MODEL: text
    .optional()
    .describe(
      "Model that reads messages and documents for the memory's graph (topics, entities, relations), beside the rules: `provider/model` or an alias. Never what is confidential. Unset: rules only.",
    ),
  ATHENA_FACTS_MODEL: text
    .optional()
    .describe(
      "Model that finds more facts in what people say in open threads, several messages at once, beside the rules: `provider/model` or an alias. Unset: rules only.",
    ),
  ATHENA_SUMMARY_MODEL: text
    .optional()
    .describe(
      "Model on this machine that summarises queries of class `generalised`: `provider/model` or an alias. Unset: intents and slots only.",
    ),
  ATHENA_THREAD_SUMMARY_MODEL: text
    .optional()
    .describe(
      "Model that sums up long threads, at night or in the core: `provider/model`, in the engine also an alias. It is shown open threads only. Unset: sentences of the threads themselves.",
    ),
  ATHENA_MAX_BODY_BYTES: z.coerce.number().int().min(1_024).default(1_048_576).describe("Largest JSON body in bytes."),
  ATHENA_MAX_MESSAGE_CHARS: z.coerce
    .number()
    .int()
    .min(1_000)
    .default(200_000)
    .describe("Longest message, in characters, that is appended to a thread, edited in it or imported."),
  ATHENA_CHAT_CONNECTIONS: z.coerce
    .number()
    .int()
    .min(1)
    .default(50)
    .describe("Connections to `/ws/chat` that one caller may have open at one process."),
  ATHENA_BACKEND_URL: url.optional().describe("Address of the engine that `athena front` stands before."),
  ATHENA_FRONT_FLUSH_MESSAGES: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(20)
    .describe("Messages of a thread after which a front brings them to the engine."),
  ATHENA_FRONT_FLUSH_SECONDS: z.coerce
    .number()
    .min(0.01)
    .max(60)
    .default(1)
    .describe("Longest time that a front keeps a message to itself while the engine is there."),
  ATHENA_FRONT_BUFFER: z.coerce
    .number()
    .int()
    .min(1)
    .default(10_000)
    .describe("Most messages that a front keeps while the engine is away; then it refuses new ones."),
  ATHENA_FRONT_RECENT: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(50)
    .describe("Newest messages of each live thread that a front answers from itself."),
  ATHENA_CORS_ORIGINS: list
    .default([])
    .describe("Origins of browser clients that may call, separated by commas; none by default."),
  ATHENA_REGISTRY_POLL_SECONDS: z.coerce
    .number()
    .positive()
    .max(86_400)
    .default(300)
    .describe("How often registry rows are read again."),
  ATHENA_PLAINTEXT_INDEX: z
    .enum(["scoped", "public"])
    .default("scoped")
    .describe(
      "What full text may index: `scoped`, every text under its own scope; `public`, only what is public and marked as indexed. Confidential content never is. A change builds the index anew.",
    ),
  ATHENA_VECTOR_STORE: z
    .enum(["postgres", "qdrant"])
    .default("postgres")
    .describe(
      "Where the engine's own vectors are: in the main database, or at QDRANT_URL in collections `messages_edge_…`. After a change `athena atlas reindex` makes them there.",
    ),
  ATHENA_VECTOR_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(36_500)
    .default(90)
    .describe(
      "Messages of so many days have vectors; so have all documents, and threads that are pinned or of a project that goes on. Full text finds all.",
    ),
  LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"])
    .default("info")
    .describe("Least severe log line that is written."),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe("PostgreSQL ≥ 15 with pgvector instead of the embedded database."),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/ })
    .optional()
    .describe("Redis instead of the in-process cache and locks."),
  NATS_URL: text
    .optional()
    .describe(
      "NATS JetStream (≥ 2.12.7) instead of the database's own event bus: `nats://[user:password@]host:4222`, several separated by commas. Run it with `sync_interval: always` (scripts/nats-server.conf).",
    ),
  ATHENA_NATS_STREAM: text
    .regex(/^[\w-]+$/, "expected letters, digits, - and _")
    .default("ATHENA_EVENTS")
    .describe("Name of the stream that holds all events; it is made at the start."),
  ATHENA_NATS_REPLICAS: z.coerce
    .number()
    .int()
    .min(1)
    .max(5)
    .default(1)
    .describe("Copies of the stream in a cluster of NATS servers."),
  ATHENA_EVENTS_IDLE_SECONDS: z.coerce
    .number()
    .min(0.05)
    .max(60)
    .default(1)
    .describe("How often events of other processes are looked for; own ones are published at once."),
  ATHENA_EVENTS_RETENTION_DAYS: z.coerce
    .number()
    .positive()
    .max(3_650)
    .default(7)
    .describe("How long published events are kept, for consumers that were away and for `athena events republish`."),
  ATHENA_DEAD_LETTER_ALERT: z.coerce
    .number()
    .int()
    .min(1)
    .default(5)
    .describe("Dead letters of one consumer that raise an alert, and each so many more another one."),
  ...jobSettings,
  ATHENA_CORE_URL: url
    .optional()
    .describe("Address of the deep core (`athena core`) that recall asks too. Unset: recall is by this engine alone."),
  ATHENA_CORE_KEY: z
    .string()
    .min(16)
    .regex(/^[\x21-\x7e]+$/, "expected visible ASCII characters")
    .optional()
    .describe("Key that engine and core show each other; set the same for both. Unset: no core is served or asked."),
  ATHENA_CORE_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(200)
    .max(500)
    .default(300)
    .describe("Longest that one recall waits for the core, in milliseconds."),
  ATHENA_CORE_NAME: z
    .string()
    .regex(coreNamePattern, "expected up to 64 letters, digits, . _ and -")
    .default(defaultCoreName)
    .describe(
      "The core: its name, under which the engine keeps how far it has come. Several cores on one engine need a name each.",
    ),
  ATHENA_EDGE_URL: url.default("http://127.0.0.1:8000").describe("The core: address of the engine that it follows."),
  CORE_DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe(
      "The core: PostgreSQL with pgvector for its vectors, when there is no QDRANT_URL. Unset: an embedded database in the folder `core` of ATHENA_DATA_DIR.",
    ),
  QDRANT_URL: url
    .optional()
    .describe("Qdrant for vectors: the core's, and the engine's with `ATHENA_VECTOR_STORE=qdrant`."),
  QDRANT_API_KEY: text.optional().describe("Key of Qdrant."),
  ATHENA_QDRANT_LAYOUT: z
    .enum(["tenants", "collections"])
    .default("tenants")
    .describe(
      "How scopes lie in Qdrant: `tenants`, one collection `atlas_deep` with the scope as an indexed field; `collections`, one for each scope: `user_…_atlas_deep`, `team_…_atlas_deep`, `public_atlas_deep`.",
    ),
  OPENAI_API_KEY: text.optional().describe("Key of the OpenAI-compatible provider."),
  OPENAI_BASE_URL: url.optional().describe("Address of the OpenAI-compatible provider (`…/v1`)."),
  OLLAMA_BASE_URL: url.optional().describe("Address of the Ollama provider."),
  OPEN_METEO_URL: provider("https://api.open-meteo.com", "Open-Meteo's forecast"),
  OPEN_METEO_GEOCODING_URL: provider("https://geocoding-api.open-meteo.com", "Open-Meteo's geocoding"),
  MET_NORWAY_URL: provider("https://api.met.no", "MET Norway"),
  OPENWEATHER_URL: provider("https://api.openweathermap.org", "OpenWeather"),
  OPENWEATHER_API_KEY: text.optional().describe("Key of OpenWeather."),
  AVIATIONWEATHER_URL: provider("https://aviationweather.gov", "aviationweather.gov (METAR)"),
  FAA_NAS_URL: provider("https://nasstatus.faa.gov", "FAA NAS status"),
  AVIATIONSTACK_URL: provider("https://api.aviationstack.com", "AviationStack"),
  AVIATIONSTACK_API_KEY: text.optional().describe("Key of AviationStack (flight status)."),
  AERODATABOX_URL: provider("https://aerodatabox.p.rapidapi.com", "AeroDataBox"),
  AERODATABOX_API_KEY: text.optional().describe("Key of AeroDataBox (flight status)."),
  THESPORTSDB_URL: provider("https://www.thesportsdb.com", "TheSportsDB"),
  THESPORTSDB_API_KEY: text.default("123").describe("Key of TheSportsDB; the default is its free one."),
  ESPN_URL: provider("https://site.api.espn.com", "ESPN's scoreboard"),
  TICKETMASTER_URL: provider("https://app.ticketmaster.com", "Ticketmaster Discovery"),
  TICKETMASTER_API_KEY: text.optional().describe("Key of Ticketmaster."),
  TVMAZE_URL: provider("https://api.tvmaze.com", "TVmaze"),
  TMDB_URL: provider("https://api.themoviedb.org", "TMDB"),
  TMDB_API_KEY: text.optional().describe("Key of TMDB."),
  GDELT_URL: provider("https://api.gdeltproject.org", "GDELT"),
  NEWSAPI_URL: provider("https://newsapi.org", "NewsAPI"),
  NEWSAPI_API_KEY: text.optional().describe("Key of NewsAPI."),
  STOOQ_URL: provider("https://stooq.com", "Stooq"),
  ALPHAVANTAGE_URL: provider("https://www.alphavantage.co", "Alpha Vantage"),
  ALPHAVANTAGE_API_KEY: text.optional().describe("Key of Alpha Vantage."),
  FINNHUB_URL: provider("https://finnhub.io", "Finnhub"),
  FINNHUB_API_KEY: text.optional().describe("Key of Finnhub."),
  SEARXNG_URL: url.optional().describe("Address of a SearXNG instance for web search."),
  BRAVE_URL: provider("https://api.search.brave.com", "Brave Search"),
  BRAVE_API_KEY: text.optional().describe("Key of Brave Search."),
  TAVILY_URL: provider("https://api.tavily.com", "Tavily"),
  TAVILY_API_KEY: text.optional().describe("Key of Tavily."),
  EVENT_FEEDS: list.default([]).describe("iCalendar, RSS or Atom feeds of events, separated by commas."),
  NEWS_FEEDS: list.optional().describe("RSS or Atom feeds of news, separated by commas. Unset: defaults per locale."),
});
export type Settings = Readonly<z.infer<typeof Settings>>;

/**
 * Reads the settings once from an environment; empty strings count as unset.
 * @throws {AppError} CONFIG_INVALID naming every wrong variable and what is allowed (never the value of a key).
 */
export const loadSettings = (environment: Readonly<Record<string, string | undefined>>): Settings => {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([name, value]) => name in Settings.shape && value !== ""),
  );
  const parsed = Settings.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new AppError("CONFIG_INVALID", `Settings that cannot be used:\n  ${problems.join("\n  ")}`);
  }
  return Object.freeze(parsed.data);
};

/**
 * Settings of the running process: the only place that reads the environment. It also switches LangSmith off: with these
 * variables set, LangChain would send prompts out of the process past `egress`.
 */
export const settingsFromEnvironment = (): Settings => {
  for (const name of ["LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2"]) {
    delete process.env[name]; // unset, not "false": LangChain takes any LANGCHAIN_TRACING for a wish to trace
  }
  return loadSettings(process.env);
};

/** Names of the settings whose values are never shown. */
export const secretSettings: ReadonlySet<string> = new Set(
  Object.keys(Settings.shape).filter((name) => /KEY|SECRET|DATABASE_URL|REDIS_URL|NATS_URL/.test(name)),
);

/** Names of the settings that the environment of the running process gives; the others have their defaults. */
export const settingsInEnvironment = (): ReadonlySet<string> =>
  new Set(Object.keys(Settings.shape).filter((name) => process.env[name]));
