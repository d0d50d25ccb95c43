export interface PageAsk {
  readonly limit: number;
  /** The last of the page before. */
  readonly after?: string;
}

/** All that there is to read, page by page, in order. */
export const pagesOf = async function* <Row extends { readonly id: string }>(
  read: (ask: PageAsk) => Promise<readonly Row[]>,
  limit: number,
): AsyncGenerator<readonly Row[]> {
  for (let after: string | undefined; ; ) {
    const page = await read({ limit, ...(after === undefined ? {} : { after }) });
    yield page;
    if (page.length < limit) return;
    after = page.at(-1)!.id;
  }
};
