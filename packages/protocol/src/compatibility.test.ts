import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import {
  AlertSchema,
  LogSchema,
  LogService,
  MessageSchema,
  PolicyService,
  PolicyStatus,
  ProbeResponseSchema,
  ProbeService,
} from './index.js';

function numbers(schema: typeof AlertSchema | typeof LogSchema | typeof MessageSchema): string {
  return schema.fields
    .toSorted((a, b) => a.number - b.number)
    .map((field) => `${field.number}:${field.name}`)
    .join(' ');
}

describe('KubeArmor’s numbers', () => {
  it('are those of feeder.Alert', () => {
    expect(numbers(AlertSchema)).toBe(
      '1:Timestamp 2:UpdatedTime 3:ClusterName 4:HostName 5:NamespaceName 6:PodName 7:ContainerID 8:ContainerName ' +
        '9:HostPID 10:PPID 11:PID 12:UID 13:PolicyName 14:Severity 15:Tags 16:Message 17:Type 18:Source 19:Operation ' +
        '20:Resource 21:Data 22:Action 23:Result 24:ContainerImage 25:ParentProcessName 26:ProcessName 27:HostPPID ' +
        '28:Enforcer 29:Labels 30:ATags 31:Owner 32:Cwd 33:TTY 34:MaxAlertsPerSec 35:DroppingAlertsInterval ' +
        '36:ExecEvent 37:KubeArmorVersion 38:NodeID 39:ProcessHash 40:ParentHash 41:ResourceHash 42:HashAlgo ' +
        '43:EventData 44:UserName',
    );
  });

  it('are those of feeder.Log', () => {
    expect(numbers(LogSchema)).toBe(
      '1:Timestamp 2:UpdatedTime 3:ClusterName 4:HostName 5:NamespaceName 6:PodName 7:ContainerID 8:ContainerName ' +
        '9:HostPID 10:PPID 11:PID 12:UID 13:Type 14:Source 15:Operation 16:Resource 17:Data 18:Result ' +
        '19:ContainerImage 20:ParentProcessName 21:ProcessName 22:HostPPID 23:Labels 24:Owner 25:Cwd 26:TTY ' +
        '27:ExecEvent 28:NodeID 29:ProcessHash 30:ParentHash 31:ResourceHash 32:HashAlgo 33:EventData 34:UserName',
    );
  });

  it('are those of feeder.Message', () => {
    expect(numbers(MessageSchema)).toBe(
      '1:Timestamp 2:UpdatedTime 3:ClusterName 4:HostName 5:HostIP 6:Type 7:Level 8:Message',
    );
  });

  it('are those of the statuses of a policy', () => {
    expect(PolicyStatus).toEqual({
      Failure: 0,
      Applied: 1,
      Deleted: 2,
      Modified: 3,
      NotExist: 4,
      Invalid: 5,
      NotEnabled: 6,
    });
  });
});

describe('KubeArmor’s services', () => {
  for (const [service, name, methods] of [
    [LogService, 'feeder.LogService', ['HealthCheck', 'WatchMessages', 'WatchAlerts', 'WatchLogs']],
    [PolicyService, 'policy.PolicyService', ['containerPolicy', 'hostPolicy', 'networkPolicy']],
    [ProbeService, 'policy.ProbeService', ['getProbeData']],
  ] as const) {
    it(`has ${name}`, () => {
      expect(service.typeName).toBe(name);
      expect(service.methods.map((method) => method.name)).toEqual(methods);
    });
  }
});

describe('messages', () => {
  it('survive a round trip', () => {
    const probe = create(ProbeResponseSchema, {
      containerList: ['web'],
      containerMap: {
        web: { policyList: ['p'], policyEnabled: 1, policyDataList: [{ policy: new Uint8Array([1]) }] },
      },
      hostMap: { node: { policyList: ['h'] } },
    });
    expect(fromBinary(ProbeResponseSchema, toBinary(ProbeResponseSchema, probe))).toEqual(probe);
  });
});
