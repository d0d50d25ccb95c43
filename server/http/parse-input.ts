import type { z } from "zod";
import { AppError } from "../../platform/errors/app-error.ts";

type Issue = z.core.$ZodIssue;

/** The issue that says most: of a union's branches, the one that got furthest before it failed. */
const deepest = (issue: Issue): { readonly path: readonly PropertyKey[]; readonly message: string } => {
  if (issue.code !== "invalid_union") return issue;
  let best: { readonly path: readonly PropertyKey[]; readonly message: string } = issue;
  for (const branch of issue.errors) {
    const inner = branch[0] && deepest(branch[0]);
    if (inner && inner.path.length > 0 && issue.path.length + inner.path.length > best.path.length) {
      best = { path: [...issue.path, ...inner.path], message: inner.message };
    }
  }
  return best;
};

/**
 * A value checked and completed by its schema.
 * @throws {AppError} INVALID_INPUT naming the first field at fault.
 */
export const parseInput = <Output>(schema: z.ZodType<Output>, value: unknown): Output => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = deepest(parsed.error.issues[0]!);
  const field = path.map(String).join(".");
  const reason = message.replace(/^Invalid input: /, "");
  if (field === "") throw new AppError("INVALID_INPUT", `The body is wrong: ${reason}.`, { field: "body" });
  throw new AppError("INVALID_INPUT", `'${field}' is wrong: ${reason}.`, { field });
};
