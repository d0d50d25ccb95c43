/** A node of a conversation that was edited or regenerated in places: a tree. */
export interface TreeNode {
  readonly parent: string | undefined;
  readonly time: number;
}

/**
 * The branch that was on the screen, oldest first: from the current node up to the root. Without a current node, the branch of
 * the newest leaf. Linear, and a circle ends it.
 */
export const currentBranch = <Node extends TreeNode>(nodes: ReadonlyMap<string, Node>, current: unknown): Node[] => {
  let at = typeof current === "string" && nodes.has(current) ? current : undefined;
  if (at === undefined) {
    const parents = new Set([...nodes.values()].map(({ parent }) => parent));
    let newest = Number.NEGATIVE_INFINITY;
    for (const [id, { time }] of nodes) {
      if (parents.has(id) || time < newest) continue;
      newest = time;
      at = id;
    }
  }
  const branch: Node[] = [];
  const seen = new Set<string>();
  while (at !== undefined && !seen.has(at)) {
    seen.add(at);
    const node = nodes.get(at);
    if (node === undefined) break;
    branch.push(node);
    at = node.parent;
  }
  return branch.reverse();
};
