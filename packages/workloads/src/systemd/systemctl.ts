import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { WorkloadsError } from '../errors.js';
import type { SystemdUnit } from './systemd-unit.js';
import { defaultSlice, unitCgroupPath } from './unit-cgroup-path.js';

const run = promisify(execFile);
/** Nothing waits for it; a machine that has just been started may have much else to do. */
const TIMEOUT_MS = 120_000;
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** Where systemd has services, or will have them once they are started. */
export async function showUnits(names: readonly string[]): Promise<readonly SystemdUnit[]> {
  if (names.length === 0) return [];
  const properties = ['Id', 'Slice', 'ControlGroup'].flatMap((name) => ['-p', name]);
  return parseUnits(await systemctl(['show', ...properties, '--', ...names]));
}

/** Reads what `systemctl show` prints: a block of properties for each unit. */
export function parseUnits(text: string): readonly SystemdUnit[] {
  const units = new Map<string, SystemdUnit>();
  for (const block of text.split('\n\n')) {
    const properties = new Map(block.split('\n').map((line) => splitAt(line, line.indexOf('='))));
    const name = properties.get('Id') ?? '';
    if (!name.endsWith('.service')) continue;
    const slice = properties.get('Slice') || defaultSlice(name);
    units.set(name, { name, slice, cgroup: properties.get('ControlGroup') || unitCgroupPath(slice, name) });
  }
  return [...units.values()];
}

async function systemctl(args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run('systemctl', ['--no-pager', '--system', ...args], {
      timeout: TIMEOUT_MS,
      maxBuffer: MAX_OUTPUT_BYTES,
      env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C' },
    });
    return stdout;
  } catch (thrown) {
    throw WorkloadsError.from(
      thrown,
      'SYSTEMD_UNAVAILABLE',
      `systemctl ${args[0] ?? ''}: expected an answer`,
    );
  }
}

function splitAt(line: string, index: number): [string, string] {
  return [line.slice(0, Math.max(0, index)), line.slice(index + 1)];
}
