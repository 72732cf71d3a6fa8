/** Nodes that one document may have after its aliases are expanded: far beyond any policy, far below harm. */
export const maxNodes = 100_000;

/** Depth of nesting that a document may have. */
export const maxDepth = 64;
