/** Roughly, for a text of any language; what frames a fragment included. */
export const tokensOf = (text: string): number => Math.ceil(text.length / 4) + 12;

/** The fragments in order that fit into so many tokens; one that is too long is left out, and shorter ones after it stay. */
export const fitBudget = <Fragment extends { readonly content: string }>(
  fragments: readonly Fragment[],
  budgetTokens: number | undefined,
): Fragment[] => {
  if (budgetTokens === undefined) return [...fragments];
  let left = budgetTokens;
  return fragments.filter(({ content }) => {
    const tokens = tokensOf(content);
    if (tokens > left) return false;
    left -= tokens;
    return true;
  });
};
