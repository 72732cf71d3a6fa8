import { logText, resultText, type LogCall, type LogFacts } from '@kubearmor/telemetry';
import type { EventView } from '../record/event-view.js';
import { FLAG } from '../record/layout.js';

const MAX_CALLS = 8192;
const MARKED = FLAG.resolved | FLAG.truncated | FLAG.unlinked | FLAG.unreadable | FLAG.noResult;

/**
 * The calls that were worded lately. Most events are like one before but for the path: they share one object, which what
 * encodes them knows again.
 */
export class CallCache {
  readonly #calls = new Map<string, LogCall>();
  readonly #resources = new Map<string, string>();

  /** The call of an event whose words depend on its numbers, and on no text of its own. */
  of(event: EventView, hasPath: boolean, facts: () => LogFacts): LogCall {
    const { result } = event;
    const flags = event.flags & MARKED;
    const numbers = `${event.arg(0)} ${event.arg(1)} ${event.arg(2)}`;
    const key = `${event.call} ${numbers} ${result < 0 ? result : 0} ${hasPath ? flags : -1}`;
    return this.#calls.get(key) ?? this.#keep(key, logText(facts()), result, hasPath ? flags : FLAG.resolved);
  }

  /** The resource of a socket or an address, by what it is made from. */
  resource(key: string, make: () => string): string {
    const known = this.#resources.get(key);
    if (known !== undefined) return known;
    const made = make();
    if (this.#resources.size >= MAX_CALLS) this.#resources.clear();
    this.#resources.set(key, made);
    return made;
  }

  /** A TCP connection, which is told in the same words whatever socket it is of. `syscall` where it is told of no other way. */
  tcp(way: string, family: number, result: number, facts: LogFacts, syscall?: string): LogCall {
    const key = `tcp ${syscall ?? way} ${family} ${result < 0 ? result : 0}`;
    const known = this.#calls.get(key);
    if (known !== undefined) return known;
    const call = markedCall(logText(facts), result, FLAG.resolved);
    return this.#put(key, syscall === undefined ? call : { ...call, syscall });
  }

  /** A call in words that are there already. */
  worded(event: EventView, words: Pick<LogCall, 'Operation' | 'Data'>): LogCall {
    const { result } = event;
    const key = `${result < 0 ? result : 0} ${words.Operation} ${words.Data}`;
    return this.#calls.get(key) ?? this.#keep(key, words, result, FLAG.resolved);
  }

  #keep(key: string, words: Pick<LogCall, 'Operation' | 'Data'>, result: number, flags: number): LogCall {
    return this.#put(key, markedCall(words, result, flags));
  }

  #put(key: string, call: LogCall): LogCall {
    if (this.#calls.size >= MAX_CALLS) this.#calls.clear();
    this.#calls.set(key, call);
    return call;
  }
}

/** A call in words that are its alone. */
export function markedCall(
  { Operation, Data }: Pick<LogCall, 'Operation' | 'Data'>,
  result: number,
  flags: number,
): LogCall {
  const marks = marksText(flags);
  const call = { Operation, Data, Result: resultText(result) };
  return marks === '' ? call : { ...call, Marks: marks };
}

function marksText(flags: number): string {
  const marks: string[] = [];
  if ((flags & FLAG.resolved) === 0) marks.push('caller');
  if ((flags & FLAG.truncated) !== 0) marks.push('truncated');
  if ((flags & FLAG.unlinked) !== 0) marks.push('unlinked');
  if ((flags & FLAG.unreadable) !== 0) marks.push('unreadable');
  if ((flags & FLAG.noResult) !== 0) marks.push('unconfirmed');
  return marks.join(',');
}
