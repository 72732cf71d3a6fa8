import { createRouterTransport, createClient } from '@connectrpc/connect';
import { StateAgent, type StateEvent } from '@kubearmor/protocol';
import { describe, expect, it } from 'vitest';
import { stateAgent, type StateObject } from './state-agent.js';

const node: StateObject = { kind: 'node', name: 'n', object: { nodeName: 'n' } };
const web: StateObject = { kind: 'container', name: 'web', object: { containerName: 'web', policies: [] } };

function serve(objects: readonly StateObject[]): {
  client: ReturnType<typeof connect>;
  set: (to: readonly StateObject[]) => void;
} {
  let present = objects;
  const client = connect(() => present);
  return {
    client,
    set: (to) => {
      present = to;
    },
  };
}

function connect(objects: () => readonly StateObject[]) {
  const service = stateAgent({ objects }, { intervalMs: 5 });
  return createClient(
    StateAgent,
    createRouterTransport((router) => router.service(StateAgent, service)),
  );
}

function textOf({ Kind, Type, Name, Object: object }: StateEvent): string {
  return `${Type} ${Kind} ${Name} ${Buffer.from(object).toString()}`;
}

describe('StateAgent', () => {
  it('gives what is there', async () => {
    const { client } = serve([node, web]);
    const events: string[] = [];
    for await (const { StateEvents } of client.getState({})) events.push(...StateEvents.map(textOf));
    expect(events).toEqual([
      'added node n {"nodeName":"n"}',
      'added container web {"containerName":"web","policies":[]}',
    ]);
  });

  it('tells what comes, changes and goes', async () => {
    const { client, set } = serve([node]);
    const steps = [
      [node, web],
      [node, { ...web, object: { containerName: 'web', policies: ['p'] } }],
      [node],
    ];
    const told: string[] = [];
    for await (const event of client.watchState({})) {
      told.push(`${event.Type} ${event.Name}`);
      const next = steps.shift();
      if (next === undefined) break;
      set(next);
    }
    expect(told).toEqual(['added n', 'added web', 'updated web', 'deleted web']);
  });
});
