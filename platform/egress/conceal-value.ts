import { mapStrings } from "./map-strings.ts";

type Conceal = (text: string) => string;

/** Names of fields whose values are secret whatever they look like. */
const secretField =
  /(?:pass(?:word|wd|phrase|code)|pwd|secret|token|(?:api|access|private|secret)[ _-]?key|has[łl]o|пароль|סיסמ[הא]|(?<!\p{L})(?:pass|pin|pin[ _-]?code|cvv2?|cvc2?|otp|kod[ _-]?pin|пін|пін-?код|קוד[ _-]סודי))$/iu;

/** No identifier has fewer digits, unless its field calls it secret. */
const fewestDigits = 7;

/** Keywords of JSON Schema whose number limits values and is none; the schema still holds without them. */
const limits: ReadonlySet<string> = new Set(
  "minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems maxItems minProperties maxProperties".split(
    " ",
  ),
);

const concealField = (text: string, key: string | undefined, conceal: Conceal): string => {
  if (key === undefined || !secretField.test(key) || !/^\S{3,256}$/u.test(text)) return conceal(text);
  const label = /^\d{3,8}$/.test(text) ? "PIN: " : "password: ";
  const concealed = conceal(label + text);
  return concealed.startsWith(label) ? concealed.slice(label.length) : conceal(text);
};

const concealNumber = (value: number, key: string, conceal: Conceal): unknown => {
  const text = String(value);
  if (text.replace(/\D/g, "").length < fewestDigits && !secretField.test(key)) return value;
  const concealed = concealField(text, key, conceal);
  return concealed === text ? value : concealed;
};

/**
 * A JSON value as it may leave: its strings, the names of its fields, and numbers that are identifiers, which become
 * placeholders too.
 */
export const concealValue = <T>(value: T, conceal: Conceal): T =>
  mapStrings(value, (text, key) => concealField(text, key, conceal), {
    number: (number, key) => concealNumber(number, key, conceal),
  });

/** The same for a JSON Schema: a limit that looks like an identifier is left out, since no placeholder may stand there. */
export const concealSchema = <T>(schema: T, conceal: Conceal): T =>
  mapStrings(schema, conceal, {
    number: (number, key) => {
      const concealed = concealNumber(number, key, conceal);
      return concealed !== number && limits.has(key) ? undefined : concealed;
    },
  });
