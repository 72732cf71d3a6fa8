import type { ProcessIdentity } from '../process-identity.js';

/** Who writes a segment: one thread, since several of a process can have journals. */
export interface JournalWriter extends ProcessIdentity {
  /** Node's number of the thread. */
  readonly thread: number;
}

/** One file of the alert journal, by its name. */
export interface JournalSegment {
  /** Grows from segment to segment: the time at which it was begun, in milliseconds. */
  readonly number: number;
  /** The only one that writes it. */
  readonly writer: JournalWriter;
}

/** Without a thread where an earlier version has written it. */
const NAME = /^(\d{14})-(\d+)-(\d+)(?:-(\d+))?\.alerts$/;
const SPARE = /^spare-(\d+)-(\d+)-\d+$/;

/** The name of a segment; names in order are segments in order. */
export function segmentName({ number, writer: { pid, startTime, thread } }: JournalSegment): string {
  return `${String(number).padStart(14, '0')}-${pid}-${startTime}-${thread}.alerts`;
}

/** The name of a process's file, the `index`th, that may become a segment. */
export function spareName({ pid, startTime }: ProcessIdentity, index: number): string {
  return `spare-${pid}-${startTime}-${index}`;
}

/** Whose spare a file is; undefined for another file. */
export function parseSpareName(name: string): ProcessIdentity | undefined {
  const [, pid, startTime] = SPARE.exec(name) ?? [];
  return pid === undefined || startTime === undefined ? undefined : { pid: Number(pid), startTime };
}

/** What a file's name says; undefined for another file. */
export function parseSegmentName(name: string): JournalSegment | undefined {
  const match = NAME.exec(name);
  if (match === null) return undefined;
  const [, number = '', pid = '', startTime = '', thread = '0'] = match;
  return { number: Number(number), writer: { pid: Number(pid), startTime, thread: Number(thread) } };
}
