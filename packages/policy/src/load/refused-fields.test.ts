import { describe, expect, it } from 'vitest';
import { loadPolicies } from './load-policies.js';

const options = { file: 'p.yaml' };

/** Code and path of each problem of a spec. */
function problemsOf(spec: string, kind = 'KubeArmorPolicy'): readonly string[] {
  const text = `kind: ${kind}\nmetadata: { name: p, namespace: web }\nspec:\n${spec}`;
  const { policies, problems } = loadPolicies(text, options);
  expect(policies).toEqual([]);
  return problems.map(({ code, path }) => `${code} ${path}`);
}

describe('loadPolicies, on fields that it refuses', () => {
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
    [`  a: ${'['.repeat(63)}[x], [y]${']'.repeat(63)}`, `DOCUMENT_TOO_LARGE spec.a${'[0]'.repeat(63)}`],
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
    ['a: *b\nc: *d', 'YAML_ALIAS a,YAML_ALIAS c'],
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
});
