import { createClient, createRouterTransport, type Client } from '@connectrpc/connect';
import { StateAgent, type StateEvent } from '@kubearmor/protocol';
import { describe, expect, it } from 'vitest';
import { stateAgent } from './state-agent.js';
import { StateFeed, type StateObject } from './state-feed.js';

const node: StateObject = { kind: 'node', id: 'n', name: 'n', object: { nodeName: 'n' } };
const shop: StateObject = { kind: 'namespace', id: 'shop', name: 'shop', object: { name: 'shop' } };
const web: StateObject = {
  kind: 'container',
  id: '1',
  name: 'web',
  object: { containerName: 'web', policies: [] },
};

interface Served {
  readonly client: Client<typeof StateAgent>;
  /** What there is from now on, with word of it or without. */
  readonly set: (to: readonly StateObject[], isTold: boolean) => void;
}

function serve(objects: readonly StateObject[], intervalMs: number): Served {
  let present = objects;
  const feed = new StateFeed(() => present);
  const service = stateAgent(feed, { intervalMs });
  const client = createClient(
    StateAgent,
    createRouterTransport((router) => router.service(StateAgent, service)),
  );
  return {
    client,
    set: (to, isTold) => {
      present = to;
      if (isTold) feed.changed();
    },
  };
}

function textOf({ Kind, Type, Name, Object: object }: StateEvent): string {
  return `${Type} ${Kind} ${Name} ${Buffer.from(object).toString()}`;
}

const HOUR_MS = 3_600_000;

describe('StateAgent', () => {
  it('gives what is there', async () => {
    const { client } = serve([node, shop, web], HOUR_MS);
    const events: string[] = [];
    for await (const { StateEvents } of client.getState({})) events.push(...StateEvents.map(textOf));
    expect(events).toEqual([
      'added node n {"nodeName":"n"}',
      'added namespace shop {"name":"shop"}',
      'added container web {"containerName":"web","policies":[]}',
    ]);
  });

  for (const [how, intervalMs, isTold] of [
    ['when it is told of it', HOUR_MS, true],
    ['when it looks, otherwise', 5, false],
  ] as const) {
    it(`tells what comes, changes and goes ${how}`, async () => {
      const { client, set } = serve([node], intervalMs);
      const changed = { ...web, object: { containerName: 'web', policies: ['p'] } };
      const steps = new Map<string, readonly StateObject[]>([
        ['added n', [node, shop, web]],
        ['added web', [node, shop, changed]],
        ['updated web', [node]],
      ]);
      const told: string[] = [];
      for await (const event of client.watchState({})) {
        const line = `${event.Type} ${event.Name}`;
        told.push(line);
        if (line === 'deleted shop') break;
        const next = steps.get(line);
        if (next !== undefined) setImmediate(set, next, isTold);
      }
      expect(told).toEqual([
        'added n',
        'added shop',
        'added web',
        'updated web',
        'deleted web',
        'deleted shop',
      ]);
    });
  }

  it('tells two of one name apart', async () => {
    const { client } = serve([web, { ...web, id: '2' }], HOUR_MS);
    const told: string[] = [];
    for await (const event of client.watchState({})) if (told.push(event.Name) === 2) break;
    expect(told).toEqual(['web', 'web']);
  });
});
