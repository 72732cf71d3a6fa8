import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadPolicies, type Policy, type Problem } from '@kubearmor/policy';
import { writeFileAtomic, type Logger } from '@kubearmor/service';

/** One policy file as it is in force. */
export interface PolicyFile {
  readonly name: string;
  readonly text: string;
  readonly policies: readonly Policy[];
}

/** What came of reading the directory. */
export interface PolicyFilesState {
  readonly files: readonly PolicyFile[];
  /** Problems of files as they are in the directory; the last good content of such a file is in `files`. */
  readonly problems: readonly { readonly file: string; readonly message: string }[];
}

/** Why a policy is not taken; nothing for one that is. */
export type PolicyRefusal = (policy: Policy) => string | undefined;

/** Where KubeArmor puts policies and workloads outside Kubernetes. */
export const DEFAULT_NAMESPACE = 'container_namespace';

const ENDINGS = /\.(ya?ml|json)$/;

/** The policies of a directory. A broken file is refused whole, and the last good one of its name stays in force. */
export class PolicyFiles {
  readonly #directory: string;
  readonly #lastGood: string;
  readonly #logger: Logger;
  readonly #refusal: PolicyRefusal;
  #files = new Map<string, PolicyFile>();
  #reported = new Map<string, string>();

  /** `refusal` says why a policy that means something all the same is not taken. By default every one is. */
  constructor(
    directory: string,
    lastGoodDirectory: string,
    logger: Logger,
    refusal: PolicyRefusal = () => undefined,
  ) {
    this.#directory = directory;
    this.#lastGood = lastGoodDirectory;
    this.#logger = logger;
    this.#refusal = refusal;
    mkdirSync(directory, { recursive: true, mode: 0o755 });
    mkdirSync(lastGoodDirectory, { recursive: true, mode: 0o700 });
  }

  /** Reads the directory again. */
  async read(): Promise<PolicyFilesState> {
    const names = readdirSync(this.#directory)
      .filter((name) => ENDINGS.test(name))
      .sort();
    const problems: { file: string; message: string }[] = [];
    const files = new Map<string, PolicyFile>();
    const keys = new Map<string, string>();
    for (const name of names) {
      const { file, found } = this.#load(name, keys);
      problems.push(...found.map((message) => ({ file: name, message })));
      if (file === undefined) continue;
      files.set(name, file);
      for (const policy of file.policies) keys.set(policy.key, name);
      if (found.length === 0) await this.#keep(file);
    }
    for (const name of readdirSync(this.#lastGood)) {
      if (!names.includes(name)) rmSync(join(this.#lastGood, name), { force: true });
    }
    this.#report(problems);
    this.#files = files;
    return { files: [...files.values()], problems };
  }

  #load(
    name: string,
    keys: ReadonlyMap<string, string>,
  ): { file: PolicyFile | undefined; found: readonly string[] } {
    const text = readText(join(this.#directory, name));
    const known = this.#files.get(name);
    if (text === undefined)
      return { file: known ?? this.#loadLastGood(name), found: ['the file cannot be read'] };
    if (known?.text === text && !hasTaken(known, keys)) return { file: known, found: [] };
    const loaded = this.#parse(name, text, keys);
    if (loaded.file !== undefined) return { file: loaded.file, found: [] };
    return { file: known ?? this.#loadLastGood(name), found: loaded.found };
  }

  #loadLastGood(name: string): PolicyFile | undefined {
    const text = readText(join(this.#lastGood, name));
    return text === undefined ? undefined : this.#parse(name, text, new Map()).file;
  }

  #parse(name: string, text: string, keys: ReadonlyMap<string, string>): Parsed {
    const parsed = parse(name, text, keys);
    const refused = (parsed.file?.policies ?? []).flatMap((policy) => this.#refusal(policy) ?? []);
    if (refused.length === 0) return parsed;
    return { file: undefined, found: refused.map((reason) => `${name}: ${reason}`) };
  }

  async #keep(file: PolicyFile): Promise<void> {
    const path = join(this.#lastGood, file.name);
    if (readText(path) !== file.text) await writeFileAtomic(path, file.text, { mode: 0o600 });
  }

  #report(problems: readonly { readonly file: string; readonly message: string }[]): void {
    const now = new Map(problems.map((problem) => [problem.message, problem.file]));
    for (const [message, file] of now) {
      if (!this.#reported.has(message))
        this.#logger.error(
          { file, problem: message },
          'policy file refused, the last good one stays in force',
        );
    }
    this.#reported = now;
  }
}

interface Parsed {
  readonly file: PolicyFile | undefined;
  readonly found: readonly string[];
}

function parse(name: string, text: string, keys: ReadonlyMap<string, string>): Parsed {
  const { policies, problems } = loadPolicies(text, { file: name, defaultNamespace: DEFAULT_NAMESPACE });
  const found = [...problems.map((problem: Problem) => problem.message), ...duplicates(name, policies, keys)];
  return found.length > 0 ? { file: undefined, found } : { file: { name, text, policies }, found };
}

function duplicates(name: string, policies: readonly Policy[], keys: ReadonlyMap<string, string>): string[] {
  return policies.flatMap((policy) => {
    const other = keys.get(policy.key);
    return other === undefined
      ? []
      : [`${name}: ${policy.key}: expected one policy of this name, ${other} has it already`];
  });
}

function hasTaken(file: PolicyFile, keys: ReadonlyMap<string, string>): boolean {
  return file.policies.some((policy) => keys.has(policy.key));
}

function readText(path: string): string | undefined {
  try {
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}
