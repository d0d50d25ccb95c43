/** What a client's tool says happened. */
export interface ToolOutcome {
  /** `partly`: some targets did it and some did not. `unclear`: the result says neither. */
  readonly status: "done" | "partly" | "failed" | "unclear";
  /** Whether the tool says that what was named is not there. */
  readonly isMissing: boolean;
  /** Names of the entities, areas or lists that did it, and of those that did not. */
  readonly done: readonly string[];
  readonly failed: readonly string[];
  /** What the tool would say itself; empty when it says nothing. */
  readonly speech: string;
  /** What a reading tool gives back. */
  readonly result: unknown;
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const nothing = { isMissing: false, done: [], failed: [], speech: "", result: undefined };

const missing =
  /MatchFailed|not.?found|no_valid_targets|no_intent_match|does not exist|No exposed entities|No entities/i;

/**
 * Reads the result of a tool of Home Assistant: an intent's response, `{success, result}`, `{error, error_text}`, or any of
 * these inside `{data, error}`. Done is only what the result itself calls done.
 */
export const readToolOutcome = (content: string): ToolOutcome => {
  const value = parsed(content);
  return Array.isArray(value) ? ofList(value) : isObject(value) ? ofObject(value) : ofText(content);
};

const parsed = (content: string): unknown => {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
};

const ofObject = (value: Json): ToolOutcome => {
  if (typeof value.error === "boolean" && "data" in value) {
    const inner = isObject(value.data)
      ? ofObject(value.data)
      : Array.isArray(value.data)
        ? ofList(value.data)
        : undefined;
    if (value.error) return { ...(inner ?? nothing), status: "failed", isMissing: isMissing(value) };
    return inner ?? { ...nothing, status: "unclear", result: value.data };
  }
  if (value.error || value.success === false || value.response_type === "error")
    return { ...nothing, status: "failed", isMissing: isMissing(value) };
  if (value.success === true) return { ...nothing, status: "done", result: value.result };
  if (value.response_type === "action_done" || value.response_type === "query_answer") return ofResponse(value);
  return { ...nothing, status: "unclear", result: value };
};

const isMissing = (value: Json): boolean => missing.test(JSON.stringify(value).slice(0, 2_000));

const ofResponse = ({ speech, data }: Json): ToolOutcome => {
  const targets = isObject(data) ? data : {};
  const failed = namesOf(targets.failed);
  const done = namesOf(targets.success);
  const plain = isObject(speech) && isObject(speech.plain) ? speech.plain.speech : undefined;
  return {
    status: failed.length === 0 ? "done" : done.length > 0 ? "partly" : "failed",
    isMissing: false,
    done,
    failed,
    speech: typeof plain === "string" ? plain.trim() : "",
    result: undefined,
  };
};

/** Names of the entities; of the areas or lists where no entity is named. */
const namesOf = (targets: unknown): string[] => {
  const all = Array.isArray(targets) ? targets.filter(isObject) : [];
  const entities = all.filter(({ type }) => type === "entity");
  return (entities.length > 0 ? entities : all).map(({ name }) => (typeof name === "string" ? name : "?"));
};

/** One result for each of several actions: as good as the worst of them. */
const ofList = (values: readonly unknown[]): ToolOutcome => {
  const outcomes = values.map((value) => (isObject(value) ? ofObject(value) : ofText(String(value))));
  if (outcomes.length === 0) return { ...nothing, status: "unclear" };
  const all = (status: ToolOutcome["status"]) => outcomes.every((outcome) => outcome.status === status);
  const some = (status: ToolOutcome["status"]) => outcomes.some((outcome) => outcome.status === status);
  return {
    ...nothing,
    status: all("done") ? "done" : some("failed") ? (some("done") ? "partly" : "failed") : "unclear",
    isMissing: outcomes.some((outcome) => outcome.isMissing),
  };
};

/** Some clients hand on Python's own notation: `[{'success': True}]`. */
const ofText = (content: string): ToolOutcome => {
  const text = content.slice(0, 4_000);
  if (/['"]success['"]: False|['"]error['"]:|^(?:Error|Something went wrong)\b/.test(text))
    return { ...nothing, status: "failed", isMissing: missing.test(text) };
  if (/^\[?\{'success': True\}/.test(text)) return { ...nothing, status: "done" };
  return { ...nothing, status: "unclear", result: content };
};
