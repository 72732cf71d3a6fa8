import { spawn, type ChildProcess } from 'node:child_process';
import { close, createDetachedMount, KernelError, type BpfLink } from '@kubearmor/kernel';

/** Ends some seconds after its input does, that is, after us. */
const HOLDER = ['/bin/sh', ['-c', 'read -r line; sleep 5']] as const;

/**
 * Where links wait whose end takes the kernel long, a fifth of a second each: a bpffs of their own, which a small process
 * holds as well. Whoever lets go last waits for the kernel, and that is the small process: neither our stop nor our being
 * killed does. Should it end before us, nothing is lost but that.
 */
export class LinkShelf {
  readonly #bpffs: number;
  readonly #holder: ChildProcess;

  private constructor(bpffs: number) {
    const [command, args] = HOLDER;
    this.#bpffs = bpffs;
    this.#holder = spawn(command, args, {
      cwd: '/',
      env: { PATH: '/usr/bin:/bin' },
      // Signals of a terminal are for us, not for it.
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore', bpffs],
    });
    this.#holder.on('error', () => undefined);
    this.#holder.stdin?.on('error', () => undefined);
    this.#holder.unref();
  }

  /** Makes one; undefined where the kernel allows no such file system. */
  static open(): LinkShelf | undefined {
    try {
      return new LinkShelf(createDetachedMount('bpf'));
    } catch (error) {
      if (error instanceof KernelError) return undefined;
      throw error;
    }
  }

  /** Takes a link. */
  put(link: BpfLink, name: string): void {
    link.leaveTo(`/proc/self/fd/${this.#bpffs}/${name}`);
  }

  /** Lets go of all links: the kernel takes their programs off in a while. */
  close(): void {
    close(this.#bpffs);
    this.#holder.stdin?.destroy();
  }
}
