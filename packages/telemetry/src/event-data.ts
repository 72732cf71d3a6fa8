/** The facts of an operation from which `EventData` is made. */
export interface EventDataSource {
  readonly Operation: string;
  readonly Resource?: string;
  readonly Data?: string;
  /** What has to be known about these words. By default nothing. */
  readonly Marks?: string;
}

/** Derives `EventData`: the `k=v` words of Data, for Network those of Resource too, and the rule that decided. */
export function eventData(source: EventDataSource, rule: string): Record<string, string> {
  const entries = eventWords(source);
  // Last, so that nothing that a workload chose (a path with blanks in it) can stand in its place.
  return Object.fromEntries([...entries, ['Rule', rule]]);
}

/** The `k=v` words of Data, for Network those of Resource too, with the first letter of their names in upper case, then its marks. */
export function eventWords(source: EventDataSource): [string, string][] {
  const words = (source.Data ?? '').split(/\s+/);
  if (source.Operation === 'Network') words.push(...(source.Resource ?? '').split(/\s+/));
  const entries = words.flatMap(entryOf);
  if (source.Marks !== undefined) entries.push(['Marks', source.Marks]);
  return entries;
}

function entryOf(word: string): [string, string][] {
  const split = word.indexOf('=');
  if (split < 1) return [];
  return [[word.charAt(0).toUpperCase() + word.slice(1, split), word.slice(split + 1)]];
}
