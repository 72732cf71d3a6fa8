import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EventReader, KernelTime, LogComposer, ProcessTree } from '@kubearmor/monitor';
import { compile, loadPolicies } from '@kubearmor/policy';
import { FakeClock } from '@kubearmor/service';
import {
  createLog,
  formatAlertJson,
  formatAlertText,
  formatLogJson,
  formatLogText,
  type LogEvent,
  type LogWorkload,
} from '@kubearmor/telemetry';
import { describe, expect, it } from 'vitest';
import { auditAlert } from './audit-alert.js';
import { AuditRules } from './audit-rules.js';

/** What KubeArmor logs, by how Data begins. */
const ROWS: Readonly<Record<string, string>> = {
  execve: 'syscall=SYS_EXECVE',
  execveat: 'syscall=SYS_EXECVEAT fd=',
  open: 'syscall=SYS_OPEN flags=',
  openat: 'syscall=SYS_OPENAT fd=',
  unlink: 'syscall=SYS_UNLINK',
  unlinkat: 'syscall=SYS_UNLINKAT flags=',
  rmdir: 'syscall=SYS_RMDIR',
  chown: 'syscall=SYS_CHOWN userid=',
  fchownat: 'syscall=SYS_FCHOWNAT userid=',
  setuid: 'syscall=SYS_SETUID userid=',
  setgid: 'syscall=SYS_SETGID userid=',
  mount: 'syscall=SYS_MOUNT source=',
  umount: 'syscall=SYS_UMOUNT2 target=',
  ptrace: 'syscall=SYS_PTRACE request=',
  socket: 'syscall=SYS_SOCKET',
  connect: 'syscall=SYS_CONNECT fd=',
  bind: 'syscall=SYS_BIND fd=',
  listen: 'syscall=SYS_LISTEN fd=',
  'tcp-connect': 'kprobe=tcp_connect domain=',
  'tcp-accept': 'kprobe=tcp_accept domain=',
  dns: 'kfunc=UDP_SENDSKB domain=',
  capabilities: 'lsm=CAPABLE CAP_SYS_ADMIN',
};
/** Told in an alert by what connects, so that one connection gives one alert. */
const WITHOUT_ALERT = ['tcp-connect'];

const NAMES =
  'execve, execveat, open, openat, unlink, unlinkat, rmdir, chown, fchownat, setuid, setgid, mount, umount2, ' +
  'ptrace, socket, connect, bind, listen, accept, accept4';
const POLICY = `
apiVersion: security.kubearmor.com/v1
kind: KubeArmorPolicy
metadata: { name: watch-all, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  severity: 3
  tags: [AUDIT]
  message: seen
  action: Audit
  syscalls: { matchSyscalls: [{ syscall: [${NAMES}] }] }
  capabilities: { matchCapabilities: [{ capability: sys_admin }] }
  network: { matchDNSQueries: [{ domain: example.org }] }
`;

const NODE = { ClusterName: 'default', HostName: 'node-1', NodeID: '9f1c' };
const WORKLOAD: LogWorkload = {
  Type: 'ContainerLog',
  NamespaceName: 'shop',
  Labels: 'app=cart',
  ContainerID: '4711',
  ContainerName: 'cart',
};
const WALL_NS = 1_779_682_499_000_000_000n;
const HEADER_BYTES = 8;

const records = readFileSync(fileURLToPath(new URL('golden/records.hex.txt', import.meta.url)), 'utf8');

/** The kernel's records as they lay in the ring. */
function toBatch(hex: readonly string[]): { readonly buffer: ArrayBuffer; readonly recordCount: number } {
  const parts = hex.map((text) => {
    const record = Buffer.from(text, 'hex');
    const part = Buffer.alloc((HEADER_BYTES + record.length + 7) & ~7);
    part.writeUInt32LE(record.length, 0);
    part.set(record, HEADER_BYTES);
    return part;
  });
  return { buffer: new Uint8Array(Buffer.concat(parts)).buffer, recordCount: hex.length };
}

/** What the agent makes of them. */
function composed(): readonly LogEvent[] {
  const tree = new ProcessTree({ read: () => undefined, pids: () => [] });
  const reader = new EventReader(tree);
  const time = new KernelTime(new FakeClock(WALL_NS), () => 0n);
  time.refresh();
  const composer = new LogComposer({ workloadOf: () => WORKLOAD, time, tree, calls: reader.calls });
  const logs: LogEvent[] = [];
  reader.read(toBatch(records.trim().split('\n')), (event) => {
    composer.compose(event, logs);
  });
  expect(reader.invalidRecords).toBe(0);
  return logs;
}

function ruleSet(): ReturnType<typeof compile> {
  const { policies, problems } = loadPolicies(POLICY, { file: 'watch-all.yaml' });
  expect(problems).toEqual([]);
  return compile(policies, { file: 'audit', network: 'audit', capabilities: 'audit', device: 'audit' });
}

// The last of its kind is the program's own, not of the shell that starts it.
function rowOf(logs: readonly LogEvent[], words: string): LogEvent | undefined {
  const isOfRow = ({ call: { Data } }: LogEvent): boolean =>
    words.endsWith('=') ? Data.startsWith(words) : Data === words;
  return logs.findLast(isOfRow);
}

describe('what the kernel recorded of each operation', () => {
  const logs = composed();
  const rules = AuditRules.bind(ruleSet(), '/');
  const node = { ...NODE, KubeArmorVersion: 'v1' };
  const withoutAlert: string[] = [];

  for (const [row, words] of Object.entries(ROWS)) {
    const log = rowOf(logs, words);
    it(`${row}: log`, async () => {
      expect(log).toBeDefined();
      if (log === undefined) return;
      const told = createLog(log, NODE);
      const text = `${formatLogJson(told)}\n\n${formatLogText(told)}\n`;
      await expect(text).toMatchFileSnapshot(`golden/${row}.log.txt`);
    });
    const alert = log === undefined ? undefined : auditAlert(4711, log, rules.judge(log), node)?.alert;
    if (alert === undefined) {
      withoutAlert.push(row);
      continue;
    }
    it(`${row}: alert`, async () => {
      const text = `${formatAlertJson(alert)}\n\n${formatAlertText(alert)}\n`;
      await expect(text).toMatchFileSnapshot(`golden/${row}.alert.txt`);
    });
  }

  it('are of kinds that the policy makes watched', () => {
    expect([...rules.kinds].toSorted()).toEqual(['capabilities', 'dns', 'file', 'network', 'process']);
  });

  it('gives an alert for every one but these', () => {
    expect(withoutAlert).toEqual(WITHOUT_ALERT);
  });

  it('leaves no call out that the policy names', () => {
    const seen = new Set(
      logs.flatMap(({ call: { Data, syscall } }) => syscall ?? /SYS_(\w+)/.exec(Data)?.[1]),
    );
    const names = new Set([...seen].map((name) => name?.toLowerCase()));
    expect(NAMES.split(', ').filter((name) => !names.has(name))).toEqual(['accept4']);
  });
});
