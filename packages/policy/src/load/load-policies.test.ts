import { describe, expect, it } from 'vitest';
import type { Rule, RuleObject } from '../language/rule.js';
import { policiesOf } from '../testing/policies.js';
import { loadPolicies, parsePolicy } from './load-policies.js';

const options = { file: 'p.yaml' };

const head =
  'apiVersion: security.kubearmor.com/v1\nkind: KubeArmorPolicy\nmetadata: { name: p, namespace: web }\n';

function rulesOf(spec: string, kind = 'KubeArmorPolicy'): readonly Rule[] {
  const [policy] = policiesOf(`kind: ${kind}\nmetadata: { name: p, namespace: web }\nspec:\n${spec}`);
  return policy?.rules ?? [];
}

/** What an object of a rule names. */
function valueOf(object: RuleObject): unknown {
  return new Map<string, unknown>(Object.entries(object)).get(object.match);
}

describe('loadPolicies', () => {
  it('reads a whole policy', () => {
    const [policy, ...others] = policiesOf(`${head}spec:
  selector: { matchLabels: { app: web } }
  process:
    matchPaths:
      - { path: /bin/sleep, ownerOnly: true, fromSource: [{ path: /bin/bash }], allowedArgs: ["1"], pts: false }
  apparmor: "deny /x r,"
  severity: 5
  tags: [a, b]
  message: no
  action: block
`);
    expect(others).toEqual([]);
    expect(policy).toEqual({
      kind: 'KubeArmorPolicy',
      namespace: 'web',
      name: 'p',
      key: 'KubeArmorPolicy/web/p',
      annotations: {},
      selector: { matchLabels: { app: 'web' }, matchExpressions: [] },
      rules: [
        {
          id: 'KubeArmorPolicy/web/p#process.matchPaths[0]',
          kind: 'process',
          object: { match: 'path', path: '/bin/sleep' },
          fromSource: [{ match: 'path', path: '/bin/bash' }],
          ownerOnly: true,
          readOnly: false,
          pts: false,
          allowedArgs: ['1'],
          action: 'Block',
          severity: 5,
          tags: ['a', 'b'],
          message: 'no',
          policyName: 'p',
          policyKey: 'KubeArmorPolicy/web/p',
          position: 0,
        },
      ],
      presets: [],
      syscalls: [],
      apparmor: 'deny /x r,',
    });
  });

  it('reads several documents, JSON too, and skips empty ones', () => {
    const text = `# nothing\n---\n---\n{"kind":"KubeArmorPolicy","metadata":{"name":"a"}}\n---\nkind: KubeArmorClusterPolicy\nmetadata: { name: b, namespace: stray }\n---\n`;
    expect(policiesOf(text).map(({ key }) => key)).toEqual([
      'KubeArmorPolicy/default/a',
      'KubeArmorClusterPolicy//b',
    ]);
    expect(policiesOf('')).toEqual([]);
  });

  it('puts policies without a namespace where it is told', () => {
    const { policies } = loadPolicies('kind: KubeArmorPolicy\nmetadata: { name: a, namespace: "" }\n', {
      ...options,
      defaultNamespace: 'container_namespace',
    });
    expect(policies[0]?.namespace).toBe('container_namespace');
  });

  it('inherits each field from rule, section and spec, and has defaults', () => {
    const rules = rulesOf(`
  severity: 3
  tags: [spec]
  message: spec
  file:
    tags: [section]
    action: AUDIT
    matchPaths:
      - path: /a
      - { path: /b, severity: 9, tags: [rule], message: rule, action: aLLoW }
      - { path: /c, tags: [], message: "", action: "" }
  process:
    matchPaths: [{ path: /d }]
`);
    expect(rules.map(({ severity, tags, message, action }) => [severity, tags, message, action])).toEqual([
      [3, ['spec'], 'spec', 'Block'],
      [3, ['section'], 'spec', 'Audit'],
      [9, ['rule'], 'rule', 'Allow'],
      [3, ['section'], 'spec', 'Audit'],
    ]);
    const [bare] = rulesOf('  file: { matchPaths: [{ path: /a }] }');
    expect([bare?.severity, bare?.tags, bare?.message, bare?.action]).toEqual([1, [], '', 'Block']);
  });

  it('expands comma lists wherever they stand', () => {
    const rules = rulesOf(`
  network:
    matchProtocols: [{ protocol: icmp }, { protocol: "TCP, udp,tcp" }]
    matchDNSQueries: [{ domain: "A.example.,b.net" }]
  capabilities:
    matchCapabilities: [{ capability: "net_raw, CAP_Sys_Admin,Checkpoint_Restore" }]
`);
    expect(rules.map(({ id, object }) => [id.split('#')[1], valueOf(object)])).toEqual([
      ['network.matchProtocols[0]', 'icmp'],
      ['network.matchProtocols[1]', 'tcp'],
      ['network.matchProtocols[1]', 'udp'],
      ['network.matchDNSQueries[0]', 'a.example'],
      ['network.matchDNSQueries[0]', 'b.net'],
      ['capabilities.matchCapabilities[0]', 'CAP_NET_RAW'],
      ['capabilities.matchCapabilities[0]', 'CAP_SYS_ADMIN'],
      ['capabilities.matchCapabilities[0]', 'CAP_CHECKPOINT_RESTORE'],
    ]);
    expect(rules[3]?.object).toEqual({
      match: 'domain',
      domain: 'a.example',
      names: [
        'a.example',
        'a.example.cluster.local',
        'a.example.svc.cluster.local',
        'a.example.domain.name',
        'a.example.web.svc.cluster.local',
      ],
    });
    const [host] = rulesOf(
      '  nodeSelector: {}\n  network: { matchDNSQueries: [{ domain: x }] }',
      'KubeArmorHostPolicy',
    );
    expect(host?.object).toMatchObject({ names: { length: 4 } });
  });

  it('reads paths, directories, patterns and names', () => {
    const rules = rulesOf(`
  process:
    matchPaths:
      - { path: /a, execname: b }
      - { path: //usr/./bin///x/. }
      - { path: /a/../b }
    matchDirectories:
      - { dir: /usr/bin, recursive: yes, ownerOnly: OFF }
      - { dir: / }
      - { dir: /opt/. }
      - { dir: /. }
    matchPatterns:
      - { pattern: "/**/sh", pts: true }
  file:
    matchPaths: [{ path: /f, readOnly: on }]
    matchDirectories: [{ dir: /g/, readOnly: n, recursive: Y }]
    matchPatterns: [{ pattern: "/*", readOnly: true }]
`);
    expect(rules.map(({ object }) => object)).toEqual([
      { match: 'execname', execname: 'b' },
      { match: 'path', path: '/usr/bin/x' },
      { match: 'path', path: '/a/../b' },
      { match: 'dir', dir: '/usr/bin/', recursive: true },
      { match: 'dir', dir: '/', recursive: false },
      { match: 'dir', dir: '/opt/', recursive: false },
      { match: 'dir', dir: '/', recursive: false },
      { match: 'pattern', pattern: '/**/sh' },
      { match: 'path', path: '/f' },
      { match: 'dir', dir: '/g/', recursive: true },
      { match: 'pattern', pattern: '/*' },
    ]);
    expect(rules.map(({ readOnly }) => readOnly).filter(Boolean)).toHaveLength(2);
  });

  it('reads sources of every form', () => {
    const [rule] = rulesOf(
      `
  file:
    matchPaths:
      - path: /f
        fromSource: [{ path: /a }, { path: /b/, recursive: true }, { dir: /c }, { path: /d, dir: /e/, recursive: true }]
`,
    );
    expect(rule?.fromSource).toEqual([
      { match: 'path', path: '/a' },
      { match: 'dir', dir: '/b/', recursive: true },
      { match: 'dir', dir: '/c/', recursive: false },
      { match: 'path', path: '/d' },
      { match: 'dir', dir: '/e/', recursive: true },
    ]);
  });

  it('reads system calls, which only audit', () => {
    const [policy] = policiesOf(`${head}spec:
  action: Block
  severity: 2
  syscalls:
    severity: 4
    matchSyscalls: [{ syscall: [unlink, rmdir], fromSource: [{ dir: /bin/ }], message: m }]
    matchPaths:
      - { path: /tmp/, syscall: [unlink] }
      - { path: /tmp, recursive: true, syscall: [unlink] }
      - { path: /f, syscall: [unlink] }
      - { syscall: [unlink] }
`);
    expect(policy?.syscalls).toEqual(policy?.rules);
    expect(policy?.rules.map(({ action, severity, message }) => [action, severity, message])).toEqual([
      ['Audit', 4, 'm'],
      ...Array.from({ length: 4 }, () => ['Audit', 4, '']),
    ]);
    expect(policy?.rules.map(({ object }) => (object.match === 'syscall' ? object.on : object))).toEqual([
      undefined,
      { match: 'dir', dir: '/tmp/', recursive: false },
      { match: 'dir', dir: '/tmp/', recursive: true },
      { match: 'path', path: '/f' },
      undefined,
    ]);
  });

  it('reads presets, of which all that do not audit block', () => {
    const [policy] = policiesOf(`${head}spec:
  action: Audit
  severity: 7
  presets: [{ name: filelessexec, action: audit }, { name: exec, action: Allow }, { name: protectEnv }]
`);
    expect(policy?.presets).toEqual(policy?.rules);
    expect(policy?.rules.map(({ object, action, severity }) => [object, action, severity])).toEqual([
      [{ match: 'preset', preset: 'filelessExec' }, 'Audit', 7],
      [{ match: 'preset', preset: 'exec' }, 'Block', 7],
      [{ match: 'preset', preset: 'protectEnv' }, 'Block', 7],
    ]);
  });

  it('reads devices of host policies', () => {
    const rules = rulesOf(
      `
  nodeSelector: { matchLabels: { zone: a } }
  device:
    matchDevice:
      - { class: mass-storage, subClass: 6, protocol: 80, level: 1 }
      - { class: "0x03" }
      - { class: "255" }
      - { class: all }
`,
      'KubeArmorHostPolicy',
    );
    expect(rules.map(({ object }) => object)).toEqual([
      { match: 'device', class: 8, subClass: 6, protocol: 80, level: 1 },
      { match: 'device', class: 3 },
      { match: 'device', class: 255 },
      { match: 'device' },
    ]);
  });

  it('takes what Kubernetes adds to a stored policy', () => {
    const text = `${head.replace('namespace: web', 'namespace: web, uid: x, generation: 1, labels: { a: b }, annotations: { c: d }')}status: { status: ok }\n`;
    expect(policiesOf(text)[0]?.annotations).toEqual({ c: 'd' });
  });

  it('takes YAML with anchors, merge keys and explicit types', () => {
    const rules = rulesOf(
      `
  file:
    matchPaths:
      - &first { path: /a, readOnly: true, fromSource: &from [{ path: /s }] }
      - { <<: *first, path: /b }
      - { <<: [*first, { ownerOnly: true }], path: /c }
      - { path: /d, fromSource: *from }
      - *first
      - { path: !!str /e }
`,
    );
    expect(
      rules.map(({ object, readOnly, ownerOnly, fromSource }) => [
        valueOf(object),
        readOnly,
        ownerOnly,
        fromSource.length,
      ]),
    ).toEqual([
      ['/a', true, false, 1],
      ['/b', true, false, 1],
      ['/c', true, true, 1],
      ['/d', false, false, 1],
      ['/a', true, false, 1],
      ['/e', false, false, 0],
    ]);
  });
});

describe('parsePolicy', () => {
  it('reads what was parsed elsewhere', () => {
    const value = {
      kind: 'KubeArmorPolicy',
      metadata: { name: 'a', namespace: undefined },
      spec: { file: { matchPaths: [{ path: '/a' }] }, action: null },
    };
    const { policies, problems } = parsePolicy(value, options);
    expect(problems).toEqual([]);
    expect(policies[0]?.rules[0]?.id).toBe('KubeArmorPolicy/default/a#file.matchPaths[0]');
  });

  it('refuses what is no policy', () => {
    const circle: unknown[] = [];
    circle.push(circle, circle);
    expect(parsePolicy(circle, options).problems.map(({ code }) => code)).toEqual(['DOCUMENT_TOO_LARGE']);
    expect(parsePolicy(Array.from({ length: 100_001 }), options).problems).toHaveLength(1);
    expect(parsePolicy(undefined, options).problems[0]?.got).toBe('nothing');
    expect(parsePolicy(null, options).problems[0]?.got).toBe('nothing');
    expect(parsePolicy(5n, options).problems[0]?.got).toBe('a bigint');
    const boolean = {
      kind: 'KubeArmorPolicy',
      metadata: { name: 'a' },
      spec: { file: { matchPaths: [{ path: '/a', readOnly: 'yes' }] } },
    };
    expect(parsePolicy(boolean, options).problems).toHaveLength(1);
  });
});
