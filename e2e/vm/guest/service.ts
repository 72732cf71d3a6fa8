import { rmSync, writeFileSync } from 'node:fs';
import { run } from './run.ts';

/** How a service started. */
export interface Started {
  readonly isStarted: boolean;
  readonly milliseconds: number;
}

/** A service of the guest's own systemd. */
export class Service {
  readonly name: string;

  /** `command` is what ExecStart says. */
  constructor(name: string, command: string, lines: readonly string[] = []) {
    this.name = `${name}.service`;
    const text = ['[Service]', 'TimeoutStartSec=infinity', ...lines, `ExecStart=${command}`, ''].join('\n');
    writeFileSync(`/run/systemd/system/${this.name}`, text);
  }

  /** Starts it and waits for its end, where it is of the type that ends. */
  start(): Started {
    return this.#timed('start');
  }

  restart(): Started {
    return this.#timed('restart');
  }

  /** What systemd says of it. */
  property(name: string): string {
    return run(['systemctl', 'show', '-p', name, '--value', this.name]).stdout.trim();
  }

  remove(): void {
    run(['systemctl', 'stop', this.name]);
    run(['systemctl', 'reset-failed', this.name]);
    rmSync(`/run/systemd/system/${this.name}`, { force: true });
  }

  #timed(verb: 'start' | 'restart'): Started {
    const sinceMs = performance.now();
    const { status } = run(['systemctl', verb, this.name]);
    return { isStarted: status === 0, milliseconds: Math.round(performance.now() - sinceMs) };
  }
}
