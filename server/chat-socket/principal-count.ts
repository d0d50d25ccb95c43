/** Counts what each principal has, up to a limit. */
export interface PrincipalCount {
  /** Takes one; the result gives it back, once. Undefined: there are as many as may be. */
  enter(principal: string): (() => void) | undefined;
}

export const createPrincipalCount = (most: number): PrincipalCount => {
  const counts = new Map<string, number>();
  return {
    enter(principal) {
      const count = counts.get(principal) ?? 0;
      if (count >= most) return undefined;
      counts.set(principal, count + 1);
      let left = false;
      return () => {
        if (left) return;
        left = true;
        const rest = (counts.get(principal) ?? 1) - 1;
        if (rest > 0) counts.set(principal, rest);
        else counts.delete(principal);
      };
    },
  };
};
