import { describe, expect, it } from 'vitest';
import { createPaint } from './paint.js';
import type { ProbeData } from './probe-data.js';
import { probeJson } from './probe-json.js';
import { formatProbe } from './probe-text.js';

const postures = { file: 'audit', capabilities: 'audit', network: 'block' };
const data: ProbeData = {
  host: {
    OSImage: 'Ubuntu 22.04.3 LTS',
    KernelVersion: '6.2.0',
    KubeletVersion: '',
    ContainerRuntime: '',
    ActiveLSM: 'Guard',
    KernelHeaderPresent: true,
    HostSecurity: false,
    ContainerSecurity: true,
    ContainerDefaultPosture: postures,
    HostDefaultPosture: postures,
    HostVisibility: 'none',
  },
  containers: { web: ['keep-hosts', 'no-sleep'], idle: [] },
  hostPolicies: { 'node-1': ['h'] },
};

describe('formatProbe', () => {
  it('has the layout of KubeArmor’s client for systemd mode', () => {
    expect(formatProbe(data, createPaint(false)).replaceAll('\t', '→')).toMatchInlineSnapshot(`
      "
      Found KubeArmor running in Systemd mode 

      Host : 
       →OS Image:                 →Ubuntu 22.04.3 LTS→
       →Kernel Version:           →6.2.0→
       →Kubelet Version:          →→
       →Container Runtime:        →→
       →Active LSM:               →Guard→
       →Host Security:            →false→
       →Container Security:       →true→
       →Container Default Posture:→audit(File)→audit(Capabilities)→block(Network)→
       →Host Default Posture:     →audit(File)→audit(Capabilities)→block(Network)→
       →Host Visibility:          →none→
      Host Policies : 
      +------------+--------+
      | HOST NAME  | POLICY |
      +------------+--------+
      | node-1     | h      |
      +------------+--------+
      Armored Up Containers : 
      +----------------+------------+
      | CONTAINER NAME |   POLICY   |
      +----------------+------------+
      | idle           |            |
      +----------------+------------+
      | web            | keep-hosts |
      +                +------------+
      |                | no-sleep   |
      +----------------+------------+
      "
    `);
  });

  it('says why there is nothing of the machine', () => {
    expect(formatProbe({ ...data, host: undefined }, createPaint(false))).toContain('root only');
  });

  it('colours where it may', () => {
    expect(formatProbe(data, createPaint(true))).toContain('\u001b[32mFound KubeArmor');
  });
});

describe('probeJson', () => {
  it('has KubeArmor’s keys', () => {
    expect(JSON.parse(probeJson(data))).toEqual({
      'Probe Data': {
        ArmoredContainers: data.containers,
        Host: data.host,
        HostPolicies: { 'node-1': { policyList: ['h'] } },
      },
    });
  });
});
