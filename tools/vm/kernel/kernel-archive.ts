import { copyFileSync, existsSync, globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../command.ts';
import { VmError } from '../errors.ts';
import { machineSources } from './machine-sources.ts';
import { newestKernel } from './newest-kernel.ts';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const SUITES = ['bullseye', 'bookworm', 'trixie', 'trixie-backports'];
const SECURITY_SUITES = ['bullseye-security', 'bookworm-security', 'trixie-security'];

/** Debian's kernels as packages, read with a configuration of our own: the machine's apt is left as it is. */
export class KernelArchive {
  readonly #directory: string;

  /** Package lists are kept in `directory`. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Reads the package lists again. */
  update(): void {
    this.#configure();
    this.#apt('apt-get', 'update', '-qq');
  }

  /** The release of the newest kernel of a version such as `6.1`, or of all for `newest`. Throws VM_KERNEL when there is none. */
  find(version: string): string {
    const names = this.#apt('apt-cache', 'pkgnames', 'linux-image-').toString().split('\n');
    const release = newestKernel(names, version);
    if (release !== undefined) return release;
    throw new VmError('VM_KERNEL', `expected a kernel ${version} in Debian's archive, found none`);
  }

  /** Fetches the packages of a kernel into a directory; gives their files. */
  download(release: string, into: string): readonly string[] {
    mkdirSync(into, { recursive: true });
    // Since 7.3 the image is in parts, and the package that had it is empty.
    const parts = ['base', 'binary', 'modules'].map((part) => `linux-${part}-${release}`);
    const names = this.#has(`linux-binary-${release}`) ? parts : [`linux-image-${release}`];
    command(['apt-get', '-c', this.#configuration, 'download', '-qq', ...names], { cwd: into });
    return globSync(join(into, '*.deb'));
  }

  get #configuration(): string {
    return join(this.#directory, 'apt.conf');
  }

  #has(name: string): boolean {
    return this.#apt('apt-cache', 'pkgnames', name).toString().split('\n').includes(name);
  }

  #apt(program: string, ...args: string[]): Buffer {
    return command([program, '-c', this.#configuration, ...args]);
  }

  #configure(): void {
    const at = (name: string): string => join(this.#directory, name);
    for (const name of ['lists/partial', 'cache/archives/partial', 'parts'])
      mkdirSync(at(name), { recursive: true });
    copyFileSync('/var/lib/dpkg/status', at('status'));
    writeFileSync(at('sources.list'), sourcesList());
    writeFileSync(
      this.#configuration,
      [
        `Dir::Etc::sourcelist "${at('sources.list')}";`,
        `Dir::Etc::sourceparts "${at('parts')}";`,
        `Dir::Etc::main "${at('none')}";`,
        `Dir::State::lists "${at('lists')}";`,
        `Dir::State::status "${at('status')}";`,
        `Dir::Cache "${at('cache')}";`,
        'APT::Sandbox::User "root";',
        'Acquire::Languages "none";',
        '',
      ].join('\n'),
    );
  }

  /** Forgets the package lists. */
  clear(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

// A suite that the archive does not have any more is a warning of apt, and its kernels are not found.
function sourcesList(): string {
  const { releases, security } = machineSources();
  const options = existsSync(KEYRING) ? `[signed-by=${KEYRING}] ` : '';
  const lines = SUITES.map((suite) => `deb ${options}${releases} ${suite} main`);
  if (security !== undefined)
    lines.push(...SECURITY_SUITES.map((suite) => `deb ${options}${security} ${suite} main`));
  return `${lines.join('\n')}\n`;
}
