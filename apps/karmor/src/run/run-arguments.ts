import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import type { ScopeOptions } from '@kubearmor/workloads/launch';
import { KarmorError } from '../errors.js';
import { RUN_OPTIONS } from './run-options.js';

/** What the arguments of `karmor run` ask for. */
export type RunArguments =
  | { readonly kind: 'help' }
  | {
      readonly kind: 'run';
      readonly scope: ScopeOptions;
      readonly socket: string | undefined;
      readonly runDir: string | undefined;
    };

/**
 * Parses the arguments after `karmor run`. Node's own parser does it: loading the one of the other commands would take
 * as long as starting the scope's first process.
 */
export function parseRunArguments(args: readonly string[]): RunArguments {
  const end = args.indexOf('--');
  const flags = end < 0 ? args : args.slice(0, end);
  const command = end < 0 ? [] : args.slice(end + 1);
  const { values, positionals } = parseFlags(flags);
  if (values.help === true) return { kind: 'help' };
  if (positionals[0] !== undefined) throw usage(`expected -- before the command, got ${positionals[0]}`);
  if (command[0] === undefined) throw usage('expected a command after --, got none');
  const scope: ScopeOptions = {
    name: values.name ?? basename(command[0]),
    namespace: values.namespace,
    labels: values.label,
    image: values.image,
    net: values.net,
    pid: values.pid,
    ipc: values.ipc,
    uts: values.uts,
    hostname: values.hostname,
    workdir: values.workdir,
    env: values.env,
    user: values.user,
    capAdd: values['cap-add'],
    capDrop: values['cap-drop'],
    confine: values.confine,
    writable: values.writable,
    tmpfsSize: values['tmpfs-size'],
    command,
  };
  return { kind: 'run', scope, socket: values.socket, runDir: values['run-dir'] };
}

function parseFlags(flags: readonly string[]): ReturnType<typeof parseWith> {
  try {
    return parseWith(flags);
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
}

// The return type carries one field per option, which only inference can spell out.
const parseWith = (flags: readonly string[]) =>
  parseArgs({ args: [...flags], options: RUN_OPTIONS, allowPositionals: true });

function usage(message: string): KarmorError {
  return new KarmorError('USAGE_INVALID', `run: ${message}; karmor run --help says more`);
}
