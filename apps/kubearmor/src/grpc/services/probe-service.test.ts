import { afterEach, describe, expect, it } from 'vitest';
import { cleanUp, connectStock, serve, tcpOf } from '../testing/served.js';

afterEach(cleanUp);

describe('ProbeService', () => {
  it('says what is in force', async () => {
    const fixture = await serve();
    expect(await connectStock(tcpOf(fixture)).call('policy.ProbeService', 'getProbeData', {})).toEqual({
      containerList: ['web'],
      containerMap: {
        web: {
          policyList: ['p'],
          policyEnabled: 1,
          policyDataList: [{ policy: Buffer.from('{"metadata":{"policyName":"p"}}') }],
        },
      },
      hostMap: { 'node-1': { policyList: ['h'], policyDataList: [] } },
      networkMap: {},
    });
  });
});
