import { describe, expect, it } from 'vitest';
import type { Rule } from '../language/rule.js';
import { policiesOf } from '../testing/policies.js';
import { loadPolicies, parsePolicy } from './load-policies.js';

const options = { file: 'p.yaml' };

const head =
  'apiVersion: security.kubearmor.com/v1\nkind: KubeArmorPolicy\nmetadata: { name: p, namespace: web }\n';

function rulesOf(spec: string, kind = 'KubeArmorPolicy'): readonly Rule[] {
  const [policy] = policiesOf(`kind: ${kind}\nmetadata: { name: p, namespace: web }\nspec:\n${spec}`);
  return policy?.rules ?? [];
}

/** Code and path of each problem of a spec. */
function problemsOf(spec: string, kind = 'KubeArmorPolicy'): readonly string[] {
  const text = `kind: ${kind}\nmetadata: { name: p, namespace: web }\nspec:\n${spec}`;
  const { policies, problems } = loadPolicies(text, options);
  expect(policies).toEqual([]);
  for (const { message, file, path } of problems)
    expect(message).toContain(`${file}:`) ?? expect(path).not.toBe('');
  return problems.map(({ code, path }) => `${code} ${path}`);
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
    expect(rules.map(({ id, object }) => [id.split('#')[1], Object.values(object)[1]])).toEqual([
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
        Object.values(object)[1],
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

describe('loadPolicies, on what it refuses', () => {
  it('says where, what was expected and what came', () => {
    const { problems } = loadPolicies(
      `${head}spec:\n  process:\n    matchPaths:\n      - pth: /a\n  action: Blok\n`,
      options,
    );
    expect(problems).toEqual([
      {
        code: 'INVALID_VALUE',
        file: 'p.yaml',
        line: 8,
        column: 11,
        path: 'spec.action',
        expected: 'Allow, Audit or Block',
        got: '"Blok"',
        message: 'p.yaml:8:11: policy web/p: spec.action: expected Allow, Audit or Block, got "Blok"',
        policy: 'web/p',
      },
      expect.objectContaining({
        code: 'UNKNOWN_FIELD',
        line: 7,
        column: 9,
        path: 'spec.process.matchPaths[0].pth',
      }),
      expect.objectContaining({ code: 'MISSING_FIELD', line: 7, path: 'spec.process.matchPaths[0].path' }),
    ]);
    expect(problems[1]?.message).toContain('did you mean path?');
  });

  it.each([
    ['  action: 5', 'WRONG_TYPE spec.action'],
    ['  severity: "5"', 'WRONG_TYPE spec.severity'],
    ['  severity: 11', 'INVALID_VALUE spec.severity'],
    ['  severity: 1.5', 'INVALID_VALUE spec.severity'],
    ['  tags: a', 'WRONG_TYPE spec.tags'],
    ['  tags: [1]', 'WRONG_TYPE spec.tags[0]'],
    ['  message: { a: 1 }', 'WRONG_TYPE spec.message'],
    ['  apparmor: [a]', 'WRONG_TYPE spec.apparmor'],
    ['  file: text', 'WRONG_TYPE spec.file'],
    ['  file: { matchPaths: text }', 'WRONG_TYPE spec.file.matchPaths'],
    ['  file: { matchPaths: [text] }', 'WRONG_TYPE spec.file.matchPaths[0]'],
    ['  file: { matchPaths: [{}] }', 'MISSING_FIELD spec.file.matchPaths[0].path'],
    ['  file: { matchPaths: [{ path: }] }', 'MISSING_FIELD spec.file.matchPaths[0].path'],
    ['  file: { matchPaths: [{ path: 1 }] }', 'WRONG_TYPE spec.file.matchPaths[0].path'],
    ['  file: { matchPaths: [{ path: a }] }', 'INVALID_VALUE spec.file.matchPaths[0].path'],
    ['  file: { matchPaths: [{ path: /a/ }] }', 'INVALID_VALUE spec.file.matchPaths[0].path'],
    ['  file: { matchPaths: [{ path: "/a\\0" }] }', 'INVALID_VALUE spec.file.matchPaths[0].path'],
    [
      `  file: { matchPaths: [{ path: /${'a'.repeat(4096)} }] }`,
      'INVALID_VALUE spec.file.matchPaths[0].path',
    ],
    [
      '  file: { matchPaths: [{ path: /a, readOnly: "yes" }] }',
      'WRONG_TYPE spec.file.matchPaths[0].readOnly',
    ],
    [
      '  file: { matchPaths: [{ path: /a, readOnly: maybe }] }',
      'WRONG_TYPE spec.file.matchPaths[0].readOnly',
    ],
    ['  file: { matchPaths: [{ path: /a, readOnly: [] }] }', 'WRONG_TYPE spec.file.matchPaths[0].readOnly'],
    ['  file: { matchPaths: [{ path: /a, execname: b }] }', 'UNKNOWN_FIELD spec.file.matchPaths[0].execname'],
    [
      '  file: { matchPaths: [{ path: /a, fromSource: [{}] }] }',
      'MISSING_FIELD spec.file.matchPaths[0].fromSource[0].path',
    ],
    [
      '  file: { matchPaths: [{ path: /a, fromSource: [5] }] }',
      'WRONG_TYPE spec.file.matchPaths[0].fromSource[0]',
    ],
    [
      '  file: { matchPaths: [{ path: /a, fromSource: [{ path: b }] }] }',
      'INVALID_VALUE spec.file.matchPaths[0].fromSource[0].path',
    ],
    [
      '  file: { matchPaths: [{ path: /a, fromSource: [{ dir: b }] }] }',
      'INVALID_VALUE spec.file.matchPaths[0].fromSource[0].dir',
    ],
    ['  file: { matchDirectories: [{ dir: 1 }] }', 'WRONG_TYPE spec.file.matchDirectories[0].dir'],
    [
      '  file: { matchPatterns: [{ pattern: "/[" }] }',
      'MALFORMED_PATTERN spec.file.matchPatterns[0].pattern',
    ],
    ['  file: { matchPatterns: [{ pattern: 1 }] }', 'WRONG_TYPE spec.file.matchPatterns[0].pattern'],
    ['  process: { matchPaths: [{ execname: /b }] }', 'INVALID_VALUE spec.process.matchPaths[0].execname'],
    ['  process: { matchPaths: [{ execname: "" }] }', 'INVALID_VALUE spec.process.matchPaths[0].execname'],
    ['  process: { matchPaths: [{ execname: 1 }] }', 'WRONG_TYPE spec.process.matchPaths[0].execname'],
    [
      '  process: { matchPaths: [{ path: /a, allowedArgs: x }] }',
      'WRONG_TYPE spec.process.matchPaths[0].allowedArgs',
    ],
    [
      `  process: { matchPaths: [{ path: /a, allowedArgs: [${'a,'.repeat(21)}] }] }`,
      'INVALID_VALUE spec.process.matchPaths[0].allowedArgs',
    ],
    [
      '  network: { matchProtocols: [{ protocol: "tcp,ftp" }] }',
      'INVALID_VALUE spec.network.matchProtocols[0].protocol',
    ],
    [
      '  network: { matchProtocols: [{ protocol: 6 }] }',
      'WRONG_TYPE spec.network.matchProtocols[0].protocol',
    ],
    [
      '  network: { matchDNSQueries: [{ domain: "." }] }',
      'INVALID_VALUE spec.network.matchDNSQueries[0].domain',
    ],
    [
      '  network: { matchDNSQueries: [{ domain: "a b" }] }',
      'INVALID_VALUE spec.network.matchDNSQueries[0].domain',
    ],
    ['  network: { matchDNSQueries: [{}] }', 'MISSING_FIELD spec.network.matchDNSQueries[0].domain'],
    [
      '  capabilities: { matchCapabilities: [{ capability: sudo }] }',
      'INVALID_VALUE spec.capabilities.matchCapabilities[0].capability',
    ],
    [
      '  capabilities: { matchCapabilities: [{}] }',
      'MISSING_FIELD spec.capabilities.matchCapabilities[0].capability',
    ],
    ['  syscalls: []', 'WRONG_TYPE spec.syscalls'],
    ['  syscalls: { action: Block }', 'UNKNOWN_FIELD spec.syscalls.action'],
    ['  syscalls: { matchSyscalls: [5] }', 'WRONG_TYPE spec.syscalls.matchSyscalls[0]'],
    [
      '  syscalls: { matchSyscalls: [{ syscall: [unlnk] }] }',
      'INVALID_VALUE spec.syscalls.matchSyscalls[0].syscall[0]',
    ],
    [
      '  syscalls: { matchSyscalls: [{ syscall: [1] }] }',
      'WRONG_TYPE spec.syscalls.matchSyscalls[0].syscall[0]',
    ],
    [
      '  syscalls: { matchPaths: [{ path: a, syscall: [unlink] }] }',
      'INVALID_VALUE spec.syscalls.matchPaths[0].path',
    ],
    ['  presets: [5]', 'WRONG_TYPE spec.presets[0]'],
    ['  presets: [{ name: nope }]', 'INVALID_VALUE spec.presets[0].name'],
    ['  presets: [{ name: 1 }]', 'WRONG_TYPE spec.presets[0].name'],
    ['  presets: [{}]', 'MISSING_FIELD spec.presets[0].name'],
    ['  device: {}', 'UNKNOWN_FIELD spec.device'],
    ['  selector: text', 'WRONG_TYPE spec.selector'],
    ['  selector: { matchLabels: text }', 'WRONG_TYPE spec.selector.matchLabels'],
    ['  selector: { matchLabels: { a: 1 } }', 'WRONG_TYPE spec.selector.matchLabels["a"]'],
    [
      '  selector: { matchLabels: { kubearmor.io/container.name: "(" } }',
      'INVALID_VALUE spec.selector.matchLabels["kubearmor.io/container.name"]',
    ],
    ['  selector: { matchExpressions: [5] }', 'WRONG_TYPE spec.selector.matchExpressions[0]'],
    [
      '  selector: { matchExpressions: [{ key: namespace, operator: In }] }',
      'INVALID_VALUE spec.selector.matchExpressions[0].key',
    ],
    [
      '  selector: { matchExpressions: [{ key: label, operator: Is }] }',
      'INVALID_VALUE spec.selector.matchExpressions[0].operator',
    ],
    [
      '  selector: { matchExpressions: [{ key: 1, operator: In }] }',
      'WRONG_TYPE spec.selector.matchExpressions[0].key',
    ],
    ['  []', 'WRONG_TYPE spec'],
    ['  a: &a [*a]', 'YAML_ALIAS spec.a[0]'],
    ['  a: *b', 'YAML_ALIAS spec.a'],
    ['  file: {}\n  file: {}', 'DUPLICATE_FIELD spec.file'],
    ['  ? [a]\n  : b', 'WRONG_TYPE spec'],
    ['  file: { <<: 5 }', 'WRONG_TYPE spec.file["<<"]'],
    ['  file: { <<: [5] }', 'WRONG_TYPE spec.file["<<"]'],
    ['  file: { a: { 5: x } }', 'UNKNOWN_FIELD spec.file.a'],
    [`  a: ${'['.repeat(70)}${']'.repeat(70)}`, `DOCUMENT_TOO_LARGE spec.a${'[0]'.repeat(63)}`],
  ])('%s', (spec, problem) => {
    expect(problemsOf(spec)).toEqual([problem]);
  });

  it.each([
    ['  device: {}', 'MISSING_FIELD spec.nodeSelector'],
    ['  nodeSelector: { matchExpressions: [] }', 'UNKNOWN_FIELD spec.nodeSelector.matchExpressions'],
    ['  nodeSelector: {}\n  presets: []', 'UNKNOWN_FIELD spec.presets'],
    [
      '  nodeSelector: {}\n  device: { matchDevice: [{ class: "0" }] }',
      'INVALID_VALUE spec.device.matchDevice[0].class',
    ],
    [
      '  nodeSelector: {}\n  device: { matchDevice: [{ class: "256" }] }',
      'INVALID_VALUE spec.device.matchDevice[0].class',
    ],
    [
      '  nodeSelector: {}\n  device: { matchDevice: [{ class: toaster }] }',
      'INVALID_VALUE spec.device.matchDevice[0].class',
    ],
    [
      '  nodeSelector: {}\n  device: { matchDevice: [{ class: 8 }] }',
      'WRONG_TYPE spec.device.matchDevice[0].class',
    ],
    [
      '  nodeSelector: {}\n  device: { matchDevice: [{ class: all, level: 0 }] }',
      'INVALID_VALUE spec.device.matchDevice[0].level',
    ],
  ])('%s (host policy)', (spec, problem) => {
    expect(problemsOf(spec, 'KubeArmorHostPolicy')).toEqual([problem]);
  });

  it.each([
    ['text', 'WRONG_TYPE (document)'],
    ['[a]', 'WRONG_TYPE (document)'],
    ['metadata: { name: a }', 'MISSING_FIELD kind'],
    ['kind: KubeArmorPolicy', 'MISSING_FIELD metadata'],
    ['kind: KubeArmorPolicy\nmetadata: text', 'WRONG_TYPE metadata'],
    ['kind: KubeArmorPolicy\nmetadata: {}', 'MISSING_FIELD metadata.name'],
    ['kind: KubeArmorPolicy\nmetadata: { name: "" }', 'INVALID_VALUE metadata.name'],
    ['kind: KubeArmorPolicy\nmetadata: { name: a/b }', 'INVALID_VALUE metadata.name'],
    ['kind: KubeArmorPolicy\nmetadata: { name: a, namespace: "a b" }', 'INVALID_VALUE metadata.namespace'],
    ['kind: KubeArmorPolicy\nmetadata: { name: a, namespace: 5 }', 'WRONG_TYPE metadata.namespace'],
    ['kind: KubeArmorNetworkPolicy\nmetadata: { name: a }', 'UNSUPPORTED_KIND kind'],
    ['kind: 5\nmetadata: { name: a }', 'WRONG_TYPE kind'],
    ['apiVersion: v1\nkind: KubeArmorPolicy\nmetadata: { name: a }', 'INVALID_VALUE apiVersion'],
    ['apiVersion: 1\nkind: KubeArmorPolicy\nmetadata: { name: a }', 'WRONG_TYPE apiVersion'],
    ['kind: [', 'YAML_SYNTAX kind'],
    ['"', 'YAML_SYNTAX (document)'],
    ['a:\n  - b: c\n  - d: "', 'YAML_SYNTAX a[1].d'],
    ['? [a]\n: "', 'YAML_SYNTAX (document)'],
    ['[]]', 'YAML_SYNTAX (document)'],
    ['kind: 1\nkind: 2\nkind: 3', 'DUPLICATE_FIELD kind,DUPLICATE_FIELD kind'],
  ])('%s (document)', (text, expected) => {
    const { policies, problems } = loadPolicies(text, options);
    expect(policies).toEqual([]);
    expect(problems.map(({ code, path }) => `${code} ${path}`).join()).toBe(expected);
  });

  it('refuses the second of two policies with one key, and keeps the first', () => {
    const { policies, problems } = loadPolicies(`${head}---\n${head}`, options);
    expect(policies).toHaveLength(1);
    expect(problems).toEqual([
      expect.objectContaining({ code: 'DUPLICATE_POLICY', path: 'metadata.name', line: 7 }),
    ]);
    expect(problems[0]?.got).toContain('line 3');
  });

  it('keeps the other documents of a file', () => {
    const { policies, problems } = loadPolicies(`kind: [\n---\n${head}---\nkind: X\n`, options);
    expect(policies.map(({ name }) => name)).toEqual(['p']);
    expect(problems.map(({ line }) => line)).toHaveLength(3);
  });

  it('is not blown up by aliases', () => {
    const levels = Array.from({ length: 40 }, (_, level) =>
      level === 0 ? 'a0: &a0 [x, x]' : `a${level}: &a${level} [*a${level - 1}, *a${level - 1}]`,
    );
    const { problems } = loadPolicies(levels.join('\n'), options);
    expect(problems.map(({ code }) => code)).toEqual(['DOCUMENT_TOO_LARGE']);
  });

  it.each([
    ['items', `a: [${'1,'.repeat(100_001)}]`],
    ['fields', Array.from({ length: 100_001 }, (_, index) => `f${index}: 1`).join('\n')],
    ['depth', '['.repeat(100_000)],
  ])('is not blown up by %s', (_, text) => {
    expect(loadPolicies(text, options).problems).toHaveLength(1);
  });

  it('shortens what it shows', () => {
    const { problems } = loadPolicies(`kind: ${'x'.repeat(1000)}\nmetadata: { name: a }`, options);
    expect(problems[0]?.got.length).toBeLessThan(100);
  });

  it.each([
    ['kind: 2.5', 'the number 2.5'],
    ['kind: false', 'the boolean false'],
    ['kind: {}', 'a map'],
    ['kind: []', 'a list'],
    ['kind: !!str', '""'],
  ])('shows %s', (text, got) => {
    expect(loadPolicies(`${text}\nmetadata: { name: a }`, options).problems[0]?.got).toBe(got);
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
