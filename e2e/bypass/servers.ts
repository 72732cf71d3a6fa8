import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { bypassPlaces } from './bypass-places.ts';

/** Processes outside every scope: one answers on a port, one gives sockets away. */
export class Servers {
  readonly port: number;
  readonly giver: string;
  readonly #processes: readonly ChildProcess[];

  private constructor(port: number, giver: string, processes: readonly ChildProcess[]) {
    this.port = port;
    this.giver = giver;
    this.#processes = processes;
  }

  static async start(): Promise<Servers> {
    const port = await freePort();
    const giver = `kubearmor-bypass-${process.pid}`;
    return new Servers(port, giver, await Promise.all([serve('serve', String(port)), serve('give', giver)]));
  }

  /** Words in which the servers are named. */
  fill(word: string): string {
    return word.replaceAll('$PORT', String(this.port)).replaceAll('$GIVER', this.giver);
  }

  [Symbol.dispose](): void {
    for (const child of this.#processes) child.kill('SIGKILL');
  }
}

async function serve(...words: readonly string[]): Promise<ChildProcess> {
  const child = spawn(bypassPlaces.intruder, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
