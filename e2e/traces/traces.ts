import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { places } from '../places.ts';

const VARIABLE = 'KUBEARMOR_E2E_RUN';

/** Begins a run of the tests: what its processes make from here on is written down under one name. */
export function beginRun(): void {
  process.env[VARIABLE] = String(process.pid);
}

/** Writes down a path that must be gone when the run is over. */
export function leaveTrace(path: string): void {
  mkdirSync(places.results, { recursive: true });
  appendFileSync(traceFile(), `${path}\n`);
}

/** Ends a run: what was written down is forgotten. */
export function endRun(): void {
  rmSync(traceFile(), { force: true });
}

/** What of this run is still there: paths, and processes and mounts that name one of them. */
export function remains(): readonly string[] {
  const paths = existsSync(traceFile())
    ? [...new Set(readFileSync(traceFile(), 'utf8').trim().split('\n'))]
    : [];
  return [
    ...paths.filter((path) => existsSync(path)),
    ...linesOf('/proc/self/mountinfo').filter((line) => names(line, paths)),
    ...processes().filter((commandLine) => names(commandLine, paths)),
  ];
}

function traceFile(): string {
  return `${places.results}/traces-${process.env[VARIABLE] ?? process.pid}.txt`;
}

function names(text: string, paths: readonly string[]): boolean {
  return paths.some((path) => text.includes(path));
}

function processes(): readonly string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => linesOf(`/proc/${pid}/cmdline`)).map((line) => line.replaceAll('\0', ' '));
}

// A process may end while it is looked at.
function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
}
