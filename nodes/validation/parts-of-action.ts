import type { Action } from "./action.ts";

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === "object" && !Array.isArray(value);

const namesOf = (targets: unknown): string[] =>
  Array.isArray(targets)
    ? targets.flatMap((target) => (isObject(target) && typeof target.name === "string" ? [target.name] : []))
    : [];

/**
 * A call that came out for some of its targets only, as Home Assistant tells it (`data: { success, failed }`): what was done, and
 * a failed call for the rest. Other calls stay as they are.
 */
export const partsOfAction = (action: Action): readonly Action[] => {
  const data = action.outcome === "ok" && isObject(action.result) ? action.result.data : undefined;
  if (!isObject(data) || !Array.isArray(data.failed) || data.failed.length === 0) return [action];
  const [failed, done] = [namesOf(data.failed), namesOf(data.success)];
  if (failed.length === 0) return [action];
  return [
    {
      ...action,
      args: { ...action.args, targets: done },
      result: { ...(action.result as object), data: { ...data, failed: [] } },
    },
    { tool: action.tool, args: { targets: failed }, outcome: "failed", result: { failed: data.failed } },
  ];
};
