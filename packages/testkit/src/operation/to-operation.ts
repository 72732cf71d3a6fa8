import type { Operation, Subject } from '@kubearmor/policy';
import type { CorpusCase, CorpusSubject } from '../corpus/corpus-case.js';
import type { VirtualRoot } from '../root/virtual-root.js';
import { toExecOperation } from './exec-operation.js';
import { toOpenOperation, toPathOperation, toTwoPathOperation } from './file-operation.js';

/** What the policy package is to judge for one case in a root: links resolved, chains of an exec followed. */
export function toOperation({ operation, subject: who }: CorpusCase, root: VirtualRoot): Operation {
  const subject = toSubject(who);
  switch (operation.do) {
    case 'exec':
      return toExecOperation(operation, subject, root);
    case 'open':
      return toOpenOperation(operation, subject, root);
    case 'rename':
    case 'link':
      return toTwoPathOperation(operation, subject, root);
    case 'capability':
      return { kind: 'capabilities', subject, capability: operation.name, quiet: operation.quiet };
    case 'dns':
      return { kind: 'dns', subject, domain: operation.domain };
    case 'preset':
      return { kind: 'preset', subject, preset: operation.name };
    case 'syscall': {
      const { syscall, path } = operation;
      return { kind: 'syscall', subject, syscall, ...(path === undefined ? {} : { path }) };
    }
    case 'device': {
      const { class: code, subClass, protocol, level } = operation;
      return { kind: 'device', class: code, subClass, protocol, level };
    }
    case 'socket':
    case 'connect':
    case 'bind':
    case 'listen':
    case 'send': {
      const { family, type, protocol } = operation;
      return { kind: 'network', subject, family, type, protocol };
    }
    case 'unlink':
    case 'mkdir':
    case 'rmdir':
    case 'truncate':
    case 'chmod':
    case 'chown':
    case 'symlink':
    case 'mknod':
      return toPathOperation(operation, subject, root);
  }
}

function toSubject({ exe, parentExe, uid, tty }: CorpusSubject): Subject {
  return { exe, parentExe, fsUid: uid, hasTty: tty };
}
