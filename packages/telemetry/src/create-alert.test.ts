import { describe, expect, it } from 'vitest';
import { createAlert, type AlertParts } from './create-alert.js';

const parts: AlertParts = {
  atNs: 1_000_000_001_000_002_999n,
  node: { HostName: 'h' },
  process: { PPID: 0, UID: 0 },
  decision: {
    Type: 'MatchedHostPolicy',
    PolicyName: 'p',
    Tags: 'a,b',
    Action: 'Block',
    Result: 'Permission denied',
    Enforcer: 'Guard',
    Rule: 'KubeArmorHostPolicy//p#file.matchPaths[0]',
  },
  operation: { Operation: 'File', Resource: '/x', Data: 'syscall=SYS_OPENAT fd=-100 flags=O_RDONLY' },
};

describe('createAlert', () => {
  it('says what has to be known about the words, before the rule', () => {
    expect(createAlert({ ...parts, marks: 'caller' }).EventData).toMatchObject({
      Marks: 'caller',
      Rule: parts.decision.Rule,
    });
    expect(createAlert(parts).EventData).not.toHaveProperty('Marks');
  });

  it('splits the tags, derives EventData and spells the time', () => {
    expect(createAlert(parts)).toEqual({
      Timestamp: 1_000_000_001,
      UpdatedTime: '2001-09-09T01:46:41.000002Z',
      HostName: 'h',
      PPID: 0,
      UID: 0,
      Type: 'MatchedHostPolicy',
      PolicyName: 'p',
      Tags: 'a,b',
      ATags: ['a', 'b'],
      Action: 'Block',
      Result: 'Permission denied',
      Enforcer: 'Guard',
      Operation: 'File',
      Resource: '/x',
      Data: 'syscall=SYS_OPENAT fd=-100 flags=O_RDONLY',
      EventData: {
        Syscall: 'SYS_OPENAT',
        Fd: '-100',
        Flags: 'O_RDONLY',
        Rule: 'KubeArmorHostPolicy//p#file.matchPaths[0]',
      },
    });
  });

  it('keeps tags that are given as a list', () => {
    const alert = createAlert({ ...parts, decision: { ...parts.decision, ATags: ['x'] } });
    expect(alert.ATags).toEqual(['x']);
  });
});
