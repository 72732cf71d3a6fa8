import { create, fromBinary, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { AlertSchema, LogSchema, MessageSchema } from '@kubearmor/protocol';
import {
  createLog,
  logText,
  resultText,
  type Alert,
  type Log,
  type LogEvent,
  type Message,
} from '@kubearmor/telemetry';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AlertEncoder } from './alert-encoder.js';
import type { Encoder } from './encoder.js';
import { FrameWriter } from './frame-writer.js';
import { LogEncoder } from './log-encoder.js';
import { MessageEncoder } from './message-encoder.js';

const AT_US = 1_779_682_499_566_130;
const node = { ClusterName: 'default', HostName: 'node-1', NodeID: '9f1c' };

function encodeAll<Item>(encoder: Encoder<Item>, items: readonly Item[]): Buffer[] {
  const frames = new FrameWriter();
  for (const item of items) expect(encoder.encode(item, frames)).toBe(true);
  const bytes = Buffer.concat(frames.take().map((chunk) => chunk.bytes));
  const messages: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    expect(bytes[at]).toBe(0);
    const length = bytes.readUInt32BE(at + 1);
    messages.push(bytes.subarray(at + 5, at + 5 + length));
    at += 5 + length;
  }
  return messages;
}

function decode<Desc extends DescMessage>(schema: Desc, bytes: Buffer | undefined): MessageShape<Desc> {
  return fromBinary(schema, bytes ?? Buffer.alloc(0));
}

function expectedLog(log: Log): MessageShape<typeof LogSchema> {
  const { Timestamp, Owner, ExecEvent, EventData, ...rest } = log;
  return create(LogSchema, {
    ...rest,
    Timestamp: BigInt(Timestamp),
    EventData: { ...EventData },
    ...(Owner === undefined ? {} : { Owner }),
    ...(ExecEvent === undefined ? {} : { ExecEvent }),
  });
}

function expectedAlert(alert: Alert): MessageShape<typeof AlertSchema> {
  const { Timestamp, Owner, ExecEvent, EventData, ATags, ...rest } = alert;
  return create(AlertSchema, {
    ...rest,
    Timestamp: BigInt(Timestamp),
    EventData: { ...EventData },
    ATags: [...(ATags ?? [])],
    ...(Owner === undefined ? {} : { Owner }),
    ...(ExecEvent === undefined ? {} : { ExecEvent }),
  });
}

const text = fc.string({ unit: 'binary', maxLength: 200 }).map((value) => value.toWellFormed());
const word = fc.string({ minLength: 1, unit: fc.constantFrom('a', 'B', 'é', '=', '/', ' ') });
const int32 = fc.integer({ min: -0x80000000, max: 0x7fffffff });
const owner = fc.record({ Ref: word, Name: word, Namespace: word });
const execEvent = fc.record({ ExecID: word, ExecutableName: word });

const events: fc.Arbitrary<LogEvent> = fc.record(
  {
    atUs: fc.integer({ min: 1_000_000, max: 4_000_000_000_000_000 }),
    workload: fc.record(
      {
        Type: fc.constantFrom('ContainerLog', 'HostLog'),
        NamespaceName: text,
        PodName: text,
        Owner: owner,
        Labels: text,
      },
      { requiredKeys: ['Type'] },
    ),
    process: fc.record(
      {
        PPID: int32,
        UID: int32,
        PID: int32,
        HostPID: int32,
        Source: text,
        ProcessName: text,
        Cwd: text,
        ExecEvent: execEvent,
      },
      { requiredKeys: ['PPID', 'UID'] },
    ),
    call: fc.record({
      Operation: fc.constantFrom('File', 'Network', 'Process', 'Syscall'),
      Data: word,
      Result: word,
    }),
    Resource: fc.oneof(text, word),
    Source: text,
    ResourceHash: text,
  },
  { requiredKeys: ['atUs', 'workload', 'process', 'call', 'Resource'] },
);

describe('LogEncoder', () => {
  const { Operation, Resource, Data } = logText({
    kind: 'file',
    path: '/etc/shadow',
    trace: { kind: 'syscall', name: 'openat', fd: -100, openFlags: 0 },
  });
  const event: LogEvent = {
    atUs: AT_US,
    workload: { Type: 'ContainerLog', NamespaceName: 'web', PodName: 'web-0', Labels: 'app=web' },
    process: {
      HostPPID: 1,
      HostPID: 42,
      PPID: 1,
      PID: 42,
      UID: 0,
      ProcessName: '/usr/bin/cat',
      Source: 'cat x',
    },
    call: { Operation, Data, Result: resultText(-13) },
    Resource,
  };

  it('writes these bytes', async () => {
    const [bytes] = encodeAll(new LogEncoder(node), [event]);
    await expect(bytes?.toString('hex').replace(/.{64}/g, '$&\n')).toMatchFileSnapshot('golden/log.hex.txt');
  });

  it('writes what protobuf-es reads as the composed log', () => {
    fc.assert(
      fc.property(events, (each) => {
        const [bytes] = encodeAll(new LogEncoder(node), [each]);
        expect(decode(LogSchema, bytes)).toEqual(expectedLog(createLog(each, node)));
      }),
      { numRuns: 300 },
    );
  });

  it('writes each event of a series as if it were alone', () => {
    const encoder = new LogEncoder(node);
    const second = { ...event, atUs: AT_US + 1_000_001, Resource: '/x', Source: '' };
    const moved = { ...event, workload: { Type: 'HostLog' as const } };
    const series = [event, second, moved, event];
    const read = encodeAll(encoder, series).map((bytes) => decode(LogSchema, bytes));
    expect(read).toEqual(series.map((each) => expectedLog(createLog(each, node))));
  });

  it('takes back what no client would accept', () => {
    const frames = new FrameWriter();
    const encoder = new LogEncoder(node);
    expect(encoder.encode(event, frames)).toBe(true);
    expect(encoder.encode({ ...event, Resource: 'x'.repeat(5 * 1024 * 1024) }, frames)).toBe(false);
    expect(frames.take().map((chunk) => chunk.messages)).toEqual([1]);
  });

  it('fills chunks of 64 KiB', () => {
    const frames = new FrameWriter();
    const encoder = new LogEncoder(node);
    for (let index = 0; index < 1000; index++) encoder.encode(event, frames);
    const chunks = frames.take();
    expect(chunks.reduce((sum, chunk) => sum + chunk.messages, 0)).toBe(1000);
    for (const { bytes } of chunks) expect(bytes.length).toBeLessThanOrEqual(64 * 1024);
  });
});

describe('AlertEncoder', () => {
  const alert: Alert = {
    Timestamp: 1_779_682_499,
    UpdatedTime: '2026-05-25T04:14:59.566130Z',
    ClusterName: 'default',
    HostName: 'node-1',
    NamespaceName: 'wordpress-mysql',
    Owner: { Namespace: 'wordpress-mysql', Name: 'wordpress', Ref: 'Deployment' },
    PodName: 'wordpress-787f45786f-2q9wf',
    Labels: 'app=wordpress',
    ContainerID: '72de193fc8d849cd',
    ContainerName: 'wordpress',
    ContainerImage: 'wordpress:4.8',
    HostPPID: 2_001,
    HostPID: 2_002,
    PPID: 190,
    PID: 195,
    UID: 0xffffffff | 0,
    ParentProcessName: '/usr/bin/bash',
    ProcessName: '/usr/bin/apt',
    PolicyName: 'harden-wordpress',
    Severity: '5',
    Tags: 'NIST,SI-4',
    ATags: ['NIST', '', 'SI-4'],
    Message: 'not here',
    Type: 'MatchedPolicy',
    Source: '/usr/bin/bash',
    Operation: 'Process',
    Resource: '/usr/bin/apt install',
    Data: 'lsm=SECURITY_BPRM_CHECK',
    EventData: { Lsm: 'SECURITY_BPRM_CHECK', Rule: 'r', Empty: '' },
    Enforcer: 'BPFLSM',
    Action: 'Block',
    Result: 'Permission denied',
    Cwd: '/',
    TTY: 'pts0',
    MaxAlertsPerSec: 10,
    DroppingAlertsInterval: 30,
    ExecEvent: { ExecID: '824416229130095', ExecutableName: 'bash' },
    KubeArmorVersion: 'v1',
    NodeID: '9f1c',
    ProcessHash: 'a',
    ParentHash: 'b',
    ResourceHash: 'c',
    HashAlgo: 'sha256',
    UserName: 'root',
  };

  it('writes these bytes', async () => {
    const [bytes] = encodeAll(new AlertEncoder(), [alert]);
    await expect(bytes?.toString('hex').replace(/.{64}/g, '$&\n')).toMatchFileSnapshot(
      'golden/alert.hex.txt',
    );
  });

  it('writes every field, as protobuf-es reads it', () => {
    const [bytes] = encodeAll(new AlertEncoder(), [alert]);
    expect(decode(AlertSchema, bytes)).toEqual(expectedAlert(alert));
  });

  it('leaves out what is empty, and a severity of 0', () => {
    const bare: Alert = {
      Timestamp: 1,
      UpdatedTime: '',
      PPID: 0,
      UID: 0,
      Type: 'SystemEvent',
      Operation: 'X',
    };
    const [bytes] = encodeAll(new AlertEncoder(), [{ ...bare, Severity: '0', Owner: {}, ATags: [] }]);
    expect(decode(AlertSchema, bytes)).toEqual(expectedAlert(bare));
  });

  it('writes any text as protobuf-es reads it', () => {
    fc.assert(
      fc.property(text, fc.dictionary(word, text), (value, EventData) => {
        const each = { ...alert, Resource: value, Message: value, EventData };
        const [bytes] = encodeAll(new AlertEncoder(), [each]);
        expect(decode(AlertSchema, bytes)).toEqual(expectedAlert(each));
      }),
    );
  });
});

describe('MessageEncoder', () => {
  it('writes every field', () => {
    const message: Message = {
      Timestamp: 1_779_682_499,
      UpdatedTime: '2026-05-25T04:14:59.566130Z',
      ClusterName: 'default',
      HostName: 'node-1',
      HostIP: '10.0.0.1',
      Type: 'Message',
      Level: 'WARN',
      Message: 'dropped\ud800',
    };
    const [bytes] = encodeAll(new MessageEncoder(), [message]);
    const expected = { ...message, Timestamp: BigInt(message.Timestamp), Message: 'dropped\ufffd' };
    expect(decode(MessageSchema, bytes)).toEqual(create(MessageSchema, expected));
  });
});
