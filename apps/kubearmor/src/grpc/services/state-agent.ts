import { setTimeout as sleep } from 'node:timers/promises';
import { create } from '@bufbuild/protobuf';
import type { ServiceImpl } from '@connectrpc/connect';
import { StateEventSchema, type StateAgent, type StateEvent } from '@kubearmor/protocol';
import type { StateFeed, StateObject } from './state-feed.js';

/** How {@link stateAgent} looks. */
export interface StateAgentOptions {
  /** How often it is looked whether something has changed that nobody told of. By default every 1,000. */
  readonly intervalMs?: number;
}

type Change = 'added' | 'updated' | 'deleted';

/**
 * Answers KubeArmor's StateAgent. A client that watches is told first what there is. What changes and changes back while it
 * does not read is not told.
 */
export function stateAgent(
  feed: StateFeed,
  { intervalMs = 1_000 }: StateAgentOptions = {},
): ServiceImpl<typeof StateAgent> {
  return {
    async *getState() {
      yield { StateEvents: await Promise.resolve(feed.objects().map((each) => event(each, 'added'))) };
    },
    async *watchState(_, { signal }) {
      let known: ReadonlyMap<string, StateObject> = new Map();
      while (!signal.aborted) {
        const change = feed.nextChange();
        const present = new Map(feed.objects().map((each) => [keyOf(each), each]));
        yield* changes(known, present);
        known = present;
        await Promise.race([change, pause(intervalMs, signal)]);
      }
    },
  };
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
}

// Namespaces come before what is in them, and go after it.
function* changes(
  known: ReadonlyMap<string, StateObject>,
  present: ReadonlyMap<string, StateObject>,
): Generator<StateEvent, void> {
  for (const [key, each] of [...known].reverse()) if (!present.has(key)) yield event(each, 'deleted');
  for (const [key, each] of present) {
    const before = known.get(key);
    if (before === undefined) yield event(each, 'added');
    else if (textOf(before) !== textOf(each)) yield event(each, 'updated');
  }
}

function event(each: StateObject, change: Change): StateEvent {
  const { kind, name } = each;
  const bytes = new Uint8Array(Buffer.from(textOf(each)));
  return create(StateEventSchema, { Kind: kind, Type: change, Name: name, Object: bytes });
}

function keyOf({ kind, id }: StateObject): string {
  return `${kind}\0${id}`;
}

function textOf({ object }: StateObject): string {
  return JSON.stringify(object);
}
