import { isMap, isScalar, isSeq } from 'yaml';
import type { ParsedNode } from 'yaml';
import { fieldPath, itemPath, wholeDocument } from './document-path.js';
import { maxDepth } from './limits.js';

/** The path of the innermost field that begins at or before an offset: where a syntax error is. */
export function yamlPathAt(root: ParsedNode | null, offset: number): string {
  let path = wholeDocument;
  let step = childAt(root, path, offset);
  for (let depth = 0; step !== undefined && depth < maxDepth; depth += 1) {
    path = step.path;
    step = childAt(step.node, path, offset);
  }
  return path;
}

interface Step {
  readonly node: ParsedNode | null;
  readonly path: string;
}

function childAt(node: ParsedNode | null, path: string, offset: number): Step | undefined {
  if (isMap<ParsedNode, ParsedNode | null>(node)) {
    const pair = node.items.findLast(({ key }) => key.range[0] <= offset);
    return pair && isScalar(pair.key)
      ? { node: pair.value, path: fieldPath(path, String(pair.key.value)) }
      : undefined;
  }
  if (!isSeq<ParsedNode>(node)) return undefined;
  const index = node.items.findLastIndex((item) => item.range[0] <= offset);
  const item = node.items[index];
  return item && { node: item, path: itemPath(path, index) };
}
