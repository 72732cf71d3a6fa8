import { setTimeout as sleep } from 'node:timers/promises';
import { create } from '@bufbuild/protobuf';
import type { ServiceImpl } from '@connectrpc/connect';
import { StateEventSchema, type StateAgent, type StateEvent } from '@kubearmor/protocol';

/** A workload, or the node, as controllers are told of it. */
export interface StateObject {
  readonly kind: 'container' | 'node';
  readonly name: string;
  /** What is sent as JSON. */
  readonly object: Readonly<Record<string, unknown>>;
}

/** Says what there is. */
export interface StateSource {
  objects(): readonly StateObject[];
}

/** How {@link stateAgent} looks. */
export interface StateAgentOptions {
  /** How often it is looked whether something has changed. By default 1,000. */
  readonly intervalMs?: number;
}

type Change = 'added' | 'updated' | 'deleted';

/** Answers KubeArmor's StateAgent. What changes and changes back between two looks is not told. */
export function stateAgent(
  source: StateSource,
  { intervalMs = 1_000 }: StateAgentOptions = {},
): ServiceImpl<typeof StateAgent> {
  return {
    async *getState() {
      yield { StateEvents: await Promise.resolve(source.objects().map((each) => event(each, 'added'))) };
    },
    async *watchState(_, { signal }) {
      let known: ReadonlyMap<string, StateObject> = new Map();
      while (!signal.aborted) {
        const present = new Map(source.objects().map((each) => [keyOf(each), each]));
        yield* changes(known, present);
        known = present;
        await sleep(intervalMs, undefined, { signal }).catch(() => undefined);
      }
    },
  };
}

function* changes(
  known: ReadonlyMap<string, StateObject>,
  present: ReadonlyMap<string, StateObject>,
): Generator<StateEvent, void> {
  for (const [key, each] of known) if (!present.has(key)) yield event(each, 'deleted');
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

function keyOf({ kind, name }: StateObject): string {
  return `${kind}\0${name}`;
}

function textOf({ object }: StateObject): string {
  return JSON.stringify(object);
}
