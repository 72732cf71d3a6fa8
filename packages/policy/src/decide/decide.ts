import type { BoundRuleSet } from '../bind/bound-rule-set.js';
import type { Trace } from './facts.js';
import { decideExec } from './decide-exec.js';
import { decideFile } from './decide-file.js';
import {
  decideCapability,
  decideDevice,
  decideDns,
  decideNetwork,
  decidePreset,
  decideSyscall,
} from './decide-other.js';
import type { Decision } from './decision.js';
import type { Operation } from './operation.js';

/**
 * The verdict on one operation, and its alert if there is one: the reference that every enforcer is tested against.
 * `trace` is told of every rule that matched on the way.
 */
export function decide(bound: BoundRuleSet, operation: Operation, trace?: Trace): Decision {
  switch (operation.kind) {
    case 'exec':
      return decideExec(bound, operation, trace);
    case 'file':
      return decideFile(bound, operation, trace);
    case 'network':
      return decideNetwork(bound, operation, trace);
    case 'dns':
      return decideDns(bound, operation, trace);
    case 'capabilities':
      return decideCapability(bound, operation, trace);
    case 'syscall':
      return decideSyscall(bound, operation, trace);
    case 'device':
      return decideDevice(bound, operation, trace);
    case 'preset':
      return decidePreset(bound, operation, trace);
  }
}
