import { WORKLOAD } from '@kubearmor/enforcers';
import { describe, expect, it } from 'vitest';
import { probed } from './probed.js';

const scope = { namespace: 'shop', labels: {}, image: '', createdAtMs: 0 };

describe('probed', () => {
  it('names scopes and units with their policies and modes, and the host by its own policies', () => {
    const probe = probed(
      'n',
      [
        { scope: { ...scope, id: 7, name: 'web' }, policies: ['KubeArmorPolicy/shop/p'], mode: 'enforced' },
        { scope: { ...scope, id: WORKLOAD.unit + 1, name: 'web.service' }, policies: [], mode: 'audited' },
        { scope: { ...scope, id: WORKLOAD.host, name: 'n' }, policies: [], mode: 'enforced' },
      ],
      ['KubeArmorHostPolicy//h'],
    );
    expect(probe).toEqual({
      host: 'n',
      containers: [
        { name: 'web', policies: [{ name: 'p' }], mode: 'enabled' },
        { name: 'web.service', policies: [], mode: 'audited' },
      ],
      hostPolicies: [{ name: 'h' }],
    });
  });
});
