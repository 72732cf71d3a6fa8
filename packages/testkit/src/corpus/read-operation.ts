import type { CorpusOperation, OpenRequest, PathCall, PathRequest, SocketRequest } from './corpus-operation.js';
import { openFlags, pathCalls, socketCalls, socketFamilies, socketTypes } from './corpus-operation.js';
import type { Cursor } from './cursor.js';
import { readMode } from './read-root.js';

const protocolNumbers: ReadonlyMap<string, number> = new Map([
  ['icmp', 1],
  ['tcp', 6],
  ['udp', 17],
  ['icmpv6', 58],
  ['sctp', 132],
]);

const calls = [
  'exec',
  'open',
  'rename',
  'link',
  ...pathCalls,
  ...socketCalls,
  'capability',
  'dns',
  'syscall',
  'device',
  'preset',
] as const;

/** Reads `operation` of a case. */
export function readOperation(cursor: Cursor): CorpusOperation {
  const [, call] = cursor.entries().find(([name]) => name === 'do') ?? [];
  if (call === undefined) return cursor.fail('the field do', 'none');
  const name = call.word(calls);
  switch (name) {
    case 'exec': {
      const fields = cursor.fields(['do', 'path', 'cwd', 'argv']);
      const path = fields.required('path').text();
      const argv = fields.required('argv').items();
      return { do: name, path, cwd: fields.text('cwd', '/'), argv: argv.map((item) => item.text()) };
    }
    case 'open':
      return readOpen(cursor);
    case 'rename':
    case 'link': {
      const fields = cursor.fields(['do', 'from', 'to']);
      return { do: name, from: fields.required('from').text(), to: fields.required('to').text() };
    }
    case 'socket':
    case 'connect':
    case 'bind':
    case 'listen':
    case 'send':
      return readSocket(cursor, name);
    case 'capability': {
      const fields = cursor.fields(['do', 'name', 'quiet']);
      return { do: name, name: fields.required('name').text(), quiet: fields.flag('quiet', false) };
    }
    case 'preset':
      return { do: name, name: cursor.fields(['do', 'name']).required('name').text() };
    case 'dns':
      return { do: name, domain: cursor.fields(['do', 'domain']).required('domain').text() };
    case 'syscall': {
      const fields = cursor.fields(['do', 'syscall', 'path']);
      const path = fields.optional('path')?.text();
      const syscall = fields.required('syscall').text();
      return path === undefined ? { do: name, syscall } : { do: name, syscall, path };
    }
    case 'device': {
      const fields = cursor.fields(['do', 'class', 'subClass', 'protocol', 'level']);
      const number = (field: string): number => fields.required(field).integer();
      const [subClass, protocol, level] = [number('subClass'), number('protocol'), number('level')];
      return { do: name, class: number('class'), subClass, protocol, level };
    }
    case 'unlink':
    case 'mkdir':
    case 'rmdir':
    case 'truncate':
    case 'chmod':
    case 'chown':
    case 'symlink':
    case 'mknod':
      return readPathCall(cursor, name);
  }
}

function readOpen(cursor: Cursor): OpenRequest {
  const fields = cursor.fields(['do', 'path', 'flags', 'argv']);
  const list = fields.required('flags');
  const flags = list.items().map((item) => item.word(openFlags));
  const modes = flags.filter((flag) => flag === 'rdonly' || flag === 'wronly' || flag === 'rdwr');
  if (modes.length !== 1) list.fail('exactly one of rdonly, wronly and rdwr', `[${flags.join(', ')}]`);
  const request = { do: 'open', path: fields.required('path').text(), flags } as const;
  return fields.has('argv') ? { ...request, argv: fields.texts('argv') } : request;
}

function readPathCall(cursor: Cursor, name: PathCall): PathRequest {
  const fields = cursor.fields(['do', 'path', 'target', 'mode', 'owner']);
  return {
    do: name,
    path: fields.required('path').text(),
    target: name === 'symlink' ? fields.required('target').text() : fields.text('target', ''),
    mode: readMode(fields.optional('mode')) ?? (name === 'mkdir' ? 0o755 : 0o644),
    owner: fields.integer('owner', 0),
  };
}

function readSocket(cursor: Cursor, name: SocketRequest['do']): SocketRequest {
  const fields = cursor.fields(['do', 'family', 'type', 'protocol']);
  const family = fields.required('family').word(socketFamilies);
  const type = fields.required('type').word(socketTypes);
  return { do: name, family, type, protocol: readProtocol(fields.required('protocol')) };
}

function readProtocol(cursor: Cursor): number {
  const value = cursor.textOrInteger();
  if (typeof value === 'number') return value;
  return (
    protocolNumbers.get(value) ?? cursor.fail(`a number or one of ${[...protocolNumbers.keys()].join(', ')}`)
  );
}
