/** One entity that Home Assistant exposes to its assistant, as its prompt or its live context describes it. */
export interface ExposedEntity {
  /** Its name, then its aliases. */
  readonly names: readonly string[];
  readonly domain: string;
  /** The area's name, then its aliases; empty when it is in none. */
  readonly areas: readonly string[];
  readonly entityId?: string;
  readonly state?: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Longest stretch of a prompt that is read: room for about 2,000 entities. */
const longestList = 200_000;
const longestValue = 2_000;
const overview = "in this smart home:";
const csvHeader = /^entity_id,name(?:,[a-z_]+)*[ \t]*$/m;
const deviceLine = /^([a-z_]+)\.([a-z0-9_]+) '(.*)' = ([^;\n]*)(.*)$/;
const firstDevice = /^[a-z_]+\.[a-z0-9_]+ '/m;

/**
 * Cuts the list of entities out of a prompt: Home Assistant's own overview, a table that begins with `entity_id,name`, or
 * lines such as `light.hall 'Hall' = on`. The rest of the prompt changes with every turn, the list seldom does.
 */
export const cutEntityList = (prompt: string): string | undefined => {
  const start = prompt.indexOf(overview);
  if (start >= 0) return prompt.slice(start + overview.length, start + overview.length + longestList);
  const other = csvHeader.exec(prompt) ?? firstDevice.exec(prompt);
  return other ? prompt.slice(areaHeadingBefore(prompt, other.index), other.index + longestList) : undefined;
};

const areaHeadingBefore = (prompt: string, index: number): number => {
  const before = prompt.lastIndexOf("\n", index - 2) + 1;
  return prompt.startsWith("## Area:", before) ? before : index;
};

/** Reads a list of entities in any of these forms; what is none of them gives an empty list. Linear in the text. */
export const readEntityList = (list: string): ExposedEntity[] => {
  const lines = list.split("\n");
  const header = lines.findIndex((line) => csvHeader.test(line));
  if (header >= 0) return readTable(lines.slice(header));
  return lines.some((line) => firstDevice.test(line)) ? readDeviceLines(lines) : readOverview(lines);
};

interface RawEntity {
  readonly entityId?: string;
  readonly fields: Map<string, string>;
  readonly attributes: Map<string, string>;
}

/** A list of flat maps as PyYAML writes it: quoted where needed, long values folded onto deeper lines. */
const readOverview = (lines: readonly string[]): ExposedEntity[] => {
  const found: RawEntity[] = [];
  let open: { readonly into: Map<string, string>; readonly key: string } | undefined;
  const begin = (raw: RawEntity) => {
    found.push(raw);
    open = undefined;
  };
  const put = (into: Map<string, string>, key: string, value: string) => {
    into.set(key, value.trim());
    open = { into, key };
  };
  for (const line of lines) {
    if (line.trim() === "") continue;
    const current = found.at(-1);
    const waiting = open?.into.get(open.key) ?? "";
    const isOpenQuote = /^['"]/.test(waiting) && !isClosed(waiting);
    const item = /^- (\w{1,40}):(?: (.*))?$/.exec(line);
    const byId = /^([a-z_]{1,40}\.[a-z0-9_]{1,120}):$/.exec(line);
    const field = /^ {2}(\w{1,40}):(?: (.*))?$/.exec(line);
    const attribute = /^ {4}(\w{1,40}):(?: (.*))?$/.exec(line);
    if (item) {
      begin({ fields: new Map(), attributes: new Map() });
      put(found.at(-1)!.fields, item[1]!, item[2] ?? "");
    } else if (byId) begin({ entityId: byId[1]!, fields: new Map(), attributes: new Map() });
    else if (!current) {
      if (found.length === 0 && line.startsWith(" ")) continue;
      break;
    } else if (!isOpenQuote && field) put(current.fields, field[1]!, field[2] ?? "");
    else if (!isOpenQuote && attribute && current.fields.has("attributes"))
      put(current.attributes, attribute[1]!, attribute[2] ?? "");
    else if (line.startsWith(" ") && open && waiting.length < longestValue)
      open.into.set(open.key, joined(waiting, line.trim()));
    else break;
  }
  return found.flatMap(toEntity);
};

const isClosed = (value: string): boolean =>
  value.length > 1 && value.endsWith(value[0]!) && (value[0] !== '"' || !value.endsWith('\\"'));

const joined = (before: string, more: string): string => {
  const listed = more.startsWith("- ") ? more.slice(2) : more;
  if (before === "") return listed;
  if (before.endsWith("\\")) return before.slice(0, -1) + listed.replace(/^\\/, "");
  return `${before}${more.startsWith("- ") ? "," : ""} ${listed}`;
};

const unquoted = (value: string): string => {
  if (value.length < 2 || !isClosed(value)) return value;
  if (value.startsWith("'")) return value.slice(1, -1).replaceAll("''", "'");
  if (!value.startsWith('"')) return value;
  try {
    return String(JSON.parse(value.replace(/\\x([0-9a-fA-F]{2})/g, "\\u00$1").replace(/\\([^"\\/bfnrtu])/g, "$1")));
  } catch {
    return value.slice(1, -1);
  }
};

const listOf = (value: string | undefined): string[] =>
  unquoted(value ?? "")
    .split(", ")
    .map((item) => item.trim())
    .filter((item) => item !== "" && item !== "[]" && item !== "null");

const toEntity = ({ entityId, fields, attributes }: RawEntity): ExposedEntity[] => {
  const names = listOf(fields.get("names") ?? fields.get("name"));
  const domain = unquoted(fields.get("domain") ?? entityId?.split(".")[0] ?? "");
  if (names.length === 0 || domain === "") return [];
  const state = fields.get("state");
  return [
    {
      names,
      domain,
      areas: listOf(fields.get("areas") ?? fields.get("area")),
      ...(entityId === undefined ? {} : { entityId }),
      ...(state === undefined ? {} : { state: unquoted(state) }),
      attributes: Object.fromEntries([...attributes].map(([key, value]) => [key, unquoted(value)])),
    },
  ];
};

/** Comma-separated values whose names are not quoted: commas too many belong to the name. */
const readTable = ([header = "", ...lines]: readonly string[]): ExposedEntity[] => {
  const columns = header.trim().split(",");
  const found: ExposedEntity[] = [];
  for (const line of lines) {
    if (line.trim() === "" || line.startsWith("```")) break;
    const cells = line.trim().split(",");
    const surplus = Math.max(0, cells.length - columns.length);
    const row = [cells[0] ?? "", cells.slice(1, 2 + surplus).join(","), ...cells.slice(2 + surplus)];
    const cell = (...names: string[]) => row[columns.findIndex((column) => names.includes(column))]?.trim() ?? "";
    const entityId = cell("entity_id");
    if (!/^[a-z_]+\.[a-z0-9_]+$/.test(entityId)) continue;
    const area = cell("area", "area_name", "area_id").replaceAll("_", " ");
    found.push({
      names: [cell("name"), ...cell("aliases").split("/")].filter((name) => name !== ""),
      domain: entityId.split(".")[0]!,
      areas: area === "" || area === "None" ? [] : [area],
      entityId,
      ...(columns.includes("state") ? { state: cell("state") } : {}),
      attributes: {},
    });
  }
  return found.filter(({ names }) => names.length > 0);
};

/** `light.hall 'Hall' = on;80%` under headings such as `## Area: Kitchen`. */
const readDeviceLines = (lines: readonly string[]): ExposedEntity[] => {
  const found: ExposedEntity[] = [];
  let area: string | undefined;
  for (const line of lines) {
    const heading = /^## Area: (.{1,80})$/.exec(line.trimEnd());
    if (heading) area = heading[1]!.trim();
    const [, domain, id, name, state, extra] = deviceLine.exec(line) ?? [];
    if (!domain || !name) continue;
    const temperature = /;(-?\d+(?:\.\d+)?) ?(°?[CF])\b/.exec(extra ?? "");
    found.push({
      names: [name],
      domain,
      areas: area === undefined ? [] : [area],
      entityId: `${domain}.${id}`,
      state: (state ?? "").trim(),
      attributes: temperature ? { current_temperature: temperature[1]!, temperature_unit: temperature[2]! } : {},
    });
  }
  return found;
};
