import type { ProcessIdentity } from './process-identity.js';

/** One file of the alert journal, by its name. */
export interface JournalSegment {
  /** Grows from segment to segment: the time at which it was begun, in milliseconds. */
  readonly number: number;
  /** The only process that writes it. */
  readonly writer: ProcessIdentity;
}

const NAME = /^(\d{14})-(\d+)-(\d+)\.alerts$/;

/** The name of a segment; names in order are segments in order. */
export function segmentName({ number, writer }: JournalSegment): string {
  return `${String(number).padStart(14, '0')}-${writer.pid}-${writer.startTime}.alerts`;
}

/** The name of a file that may become a segment. */
export function spareName({ pid, startTime }: ProcessIdentity): string {
  return `spare-${pid}-${startTime}`;
}

/** Whose spare a file is; undefined for another file. */
export function parseSpareName(name: string): ProcessIdentity | undefined {
  const [, pid, startTime] = /^spare-(\d+)-(\d+)$/.exec(name) ?? [];
  return pid === undefined || startTime === undefined ? undefined : { pid: Number(pid), startTime };
}

/** What a file's name says; undefined for another file. */
export function parseSegmentName(name: string): JournalSegment | undefined {
  const match = NAME.exec(name);
  if (match === null) return undefined;
  const [, number = '', pid = '', startTime = ''] = match;
  return { number: Number(number), writer: { pid: Number(pid), startTime } };
}
