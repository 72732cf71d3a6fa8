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

const MAX_KNOWN = 256;
/** Words of texts that came before: splitting them costs more than all else about an alert. */
const known = new Map<string, readonly Entry[]>();

type Entry = readonly [name: string, value: string];

/** The `k=v` words of Data, for Network those of Resource too, with the first letter of their names in upper case, then its marks. */
export function eventWords(source: EventDataSource): readonly Entry[] {
  const { Data = '', Resource = '', Operation, Marks } = source;
  const entries = entriesOf(Operation === 'Network' ? `${Data} ${Resource}` : Data);
  return Marks === undefined ? entries : [...entries, ['Marks', Marks]];
}

function entriesOf(text: string): readonly Entry[] {
  const before = known.get(text);
  if (before !== undefined) return before;
  const entries = text.split(/\s+/).flatMap(entryOf);
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(text, entries);
  return entries;
}

function entryOf(word: string): Entry[] {
  const split = word.indexOf('=');
  if (split < 1) return [];
  return [[word.charAt(0).toUpperCase() + word.slice(1, split), word.slice(split + 1)]];
}
