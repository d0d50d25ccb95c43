import { z } from "zod";

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const bound = z.number().nullish();

/** The conditions that Qdrant's client sends for us; another one is refused, so that a test shows what the stand-in lacks. */
const Condition = z.union([
  z.strictObject({
    key: z.string().min(1),
    match: z.union([
      z.strictObject({ value: scalar }),
      z.strictObject({ any: z.array(scalar) }),
      z.strictObject({ except: z.array(scalar) }),
    ]),
  }),
  z.strictObject({
    key: z.string().min(1),
    range: z.strictObject({ gt: bound, gte: bound, lt: bound, lte: bound }),
  }),
  z.strictObject({ is_empty: z.strictObject({ key: z.string() }) }),
  z.strictObject({ has_id: z.array(z.union([z.string(), z.number()])) }),
]);

export const Filter = z.strictObject({
  must: z.array(Condition).nullish(),
  should: z.array(Condition).nullish(),
  must_not: z.array(Condition).nullish(),
});
export type Filter = z.infer<typeof Filter>;

interface Point {
  readonly id: string | number;
  readonly payload: Readonly<Record<string, unknown>>;
}

const valuesAt = (payload: unknown, path: string): unknown[] => {
  const found = path
    .split(".")
    .reduce<unknown>(
      (value, key) =>
        typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined,
      payload,
    );
  if (found === undefined || found === null) return [];
  return Array.isArray(found) ? found : [found];
};

const holds = (condition: z.infer<typeof Condition>, { id, payload }: Point): boolean => {
  if ("has_id" in condition) return condition.has_id.includes(id);
  if ("is_empty" in condition) return valuesAt(payload, condition.is_empty.key).length === 0;
  const values = valuesAt(payload, condition.key) as z.infer<typeof scalar>[];
  if ("range" in condition) {
    const { gt, gte, lt, lte } = condition.range;
    return values.some(
      (value) =>
        typeof value === "number" &&
        (gt == null || value > gt) &&
        (gte == null || value >= gte) &&
        (lt == null || value < lt) &&
        (lte == null || value <= lte),
    );
  }
  const { match } = condition;
  if ("value" in match) return values.includes(match.value);
  if ("any" in match) return values.some((value) => match.any.includes(value));
  return values.some((value) => !match.except.includes(value));
};

/** Whether a point passes a filter: all of `must`, one of `should`, none of `must_not`. */
export const passes = ({ must, should, must_not }: Filter, point: Point): boolean =>
  (must ?? []).every((condition) => holds(condition, point)) &&
  (!should || should.length === 0 || should.some((condition) => holds(condition, point))) &&
  !(must_not ?? []).some((condition) => holds(condition, point));
