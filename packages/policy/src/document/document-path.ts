/** How problems call the document as a whole. */
export const wholeDocument = '(document)';

/** The path of a field of the mapping at `path`. */
export function fieldPath(path: string, key: string): string {
  const step = /^[A-Za-z_][A-Za-z0-9_-]*$/.test(key) ? key : `[${JSON.stringify(key)}]`;
  if (path === wholeDocument) return step;
  return step.startsWith('[') ? `${path}${step}` : `${path}.${step}`;
}

/** The path of an item of the list at `path`. */
export function itemPath(path: string, index: number): string {
  return `${path}[${index}]`;
}
