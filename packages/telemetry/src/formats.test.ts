import { describe, expect, it } from 'vitest';
import type { Alert } from './alert.js';
import { formatAlertJson, formatMessageJson } from './json-format.js';
import { formatLegacyAlertJson } from './legacy-json-format.js';
import type { Message } from './message.js';
import { presentAlert } from './present-alert.js';
import { formatAlertText, formatMessageText } from './text-format.js';

const bare: Alert = {
  Timestamp: 1,
  UpdatedTime: '2026-05-25T04:14:59.566130Z',
  PPID: 0,
  UID: 0,
  Type: 'MatchedPolicy',
  Operation: 'File',
};

const full: Required<Alert> = {
  ...bare,
  ClusterName: 'c',
  HostName: 'h',
  NamespaceName: 'n',
  Owner: { Name: 'o' },
  PodName: 'p',
  Labels: 'k=v',
  ContainerID: 'i',
  ContainerName: 'cn',
  ContainerImage: 'ci',
  HostPPID: 1,
  HostPID: 2,
  PID: 3,
  ParentProcessName: 'pp',
  ProcessName: 'pn',
  PolicyName: 'po',
  Severity: '1',
  Tags: 't',
  ATags: ['t'],
  Message: 'm',
  Source: 's',
  Resource: 'r',
  Data: 'd',
  EventData: { b: '2', a: '' },
  Enforcer: 'e',
  Action: 'a',
  Result: 're',
  Cwd: '/',
  TTY: 'pts0',
  MaxAlertsPerSec: 1,
  DroppingAlertsInterval: 2,
  ExecEvent: { ExecutableName: 'x', ExecID: '1' },
  KubeArmorVersion: 'v',
  NodeID: 'no',
  ProcessHash: 'ph',
  ParentHash: 'pa',
  ResourceHash: 'rh',
  HashAlgo: 'sha256',
  UserName: 'root',
};

describe('formatAlertJson', () => {
  it('shows every field of the protobuf', () => {
    expect(Object.keys(full).sort()).toEqual(Object.keys(presentAlert(full)).sort());
    expect(JSON.parse(formatAlertJson(full))).toEqual(full);
  });

  it('leaves out what is empty, but PPID and UID', () => {
    const empty: Alert = {
      ...bare,
      ClusterName: '',
      PID: 0,
      ATags: [],
      Owner: { Ref: '' },
      EventData: {},
      Severity: '0',
    };
    expect(formatAlertJson(empty)).toBe(
      '{"Timestamp":1,"UpdatedTime":"2026-05-25T04:14:59.566130Z","PPID":0,"UID":0,"Type":"MatchedPolicy","Operation":"File"}',
    );
  });

  it('orders nested fields as Go does', () => {
    const json = formatAlertJson({
      ...bare,
      Owner: { Namespace: 'n', Ref: 'r' },
      EventData: { b: '2', a: '' },
    });
    expect(json).toContain('"Owner":{"Ref":"r","Namespace":"n"}');
    expect(json).toContain('"EventData":{"a":"","b":"2"}');
  });

  it('can be indented', () => {
    expect(formatAlertJson(bare, { isPretty: true })).toMatch(/^\{\n {2}"Timestamp": 1,\n/);
  });
});

describe('formatLegacyAlertJson', () => {
  it('shows the fields that the older form always has', () => {
    expect(formatLegacyAlertJson(bare, { objectUid: 7 })).toBe(
      '{"timestamp":1,"updatedTime":"2026-05-25T04:14:59.566130Z","hostName":"","hostPPid":0,"hostPid":0,"ppid":0,' +
        '"pid":0,"uid":0,"execEvent":{"ExecID":"","ExecutableName":""},"parentProcessName":"","processName":"",' +
        '"atags":null,"type":"MatchedPolicy","source":"","operation":"File","resource":"","cwd":"","oid":7,"result":""}',
    );
  });

  it('names the fields of the owner in lower case', () => {
    expect(formatLegacyAlertJson(full)).toContain('"owner":{"name":"o"}');
  });
});

describe('formatAlertText', () => {
  it('prints the fields that karmor does not place in byte order', () => {
    const names = formatAlertText(full)
      .split('\n')
      .map((line) => line.split(':')[0]);
    expect(names.slice(names.indexOf('ATags') + 1)).toEqual([
      'Cwd',
      'DroppingAlertsInterval',
      'ExecEvent',
      'HashAlgo',
      'HostPID',
      'HostPPID',
      'KubeArmorVersion',
      'MaxAlertsPerSec',
      'NodeID',
      'Owner',
      'PID',
      'PPID',
      'ParentHash',
      'ParentProcessName',
      'ProcessHash',
      'ProcessName',
      'ResourceHash',
      'TTY',
      'Tags',
      'UID',
      'UserName',
    ]);
  });

  it('has no time in the header where there is none', () => {
    expect(formatAlertText({ ...bare, UpdatedTime: '' }).split('\n')[0]).toBe('== Alert ==');
  });

  it('keeps a path from forging a line or steering the terminal', () => {
    const text = formatAlertText({
      ...bare,
      Resource: '/x\nAction: Allow\u001b[2J',
      EventData: { a: 'b\r' },
    });
    expect(text).toContain('Resource: /x\\x0aAction: Allow\\x1b[2J\n');
    expect(text).toContain('EventData: map[a:b\\x0d]');
  });
});

describe('messages', () => {
  const message: Message = {
    Timestamp: 1,
    UpdatedTime: '2026-05-25T04:14:59.566130Z',
    ClusterName: 'default',
    HostName: 'node-1',
    HostIP: '',
    Type: 'Message',
    Level: 'INFO',
    Message: 'started',
  };

  it('are printed on one line', () => {
    expect(formatMessageText(message)).toBe('2026-05-25 04:14:59.566130  default  node-1  [INFO]  started');
  });

  it('are JSON in the order of the protobuf', () => {
    expect(formatMessageJson(message)).toBe(
      '{"Timestamp":1,"UpdatedTime":"2026-05-25T04:14:59.566130Z","ClusterName":"default","HostName":"node-1",' +
        '"Type":"Message","Level":"INFO","Message":"started"}',
    );
  });
});
