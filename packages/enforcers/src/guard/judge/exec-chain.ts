import type { ExecLink } from '@kubearmor/policy';
import type { Arguments } from './blocked-call.js';
import type { SeenFile } from './file-view.js';
import type { GuardAlert } from '../guard-alert.js';
import type { ProgramHeader } from './program-header.js';

/** Text of bytes that were kept one by one. */
export function fromBytes(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** One execve on its way through the kernel: the files it has opened so far, and which one comes next. */
export class ExecChain {
  /** The file name as the kernel keeps it, byte for byte (latin1). */
  readonly kernelName: string;
  readonly requestedPath: string;
  /** The arguments given to execve, as rules compare them. */
  readonly argv: readonly string[] | undefined;
  /** False where only the beginning of the arguments was read. */
  readonly hasAllArguments: boolean;
  readonly links: ExecLink[] = [];
  /** Each link's file as the rules see it. */
  readonly seen: SeenFile[] = [];
  /** The file whose ordinary open event follows its exec event and was judged with it. */
  judgedFile: string | undefined;
  /** What is to be told of the exec unless one of its files is denied. */
  held: GuardAlert | undefined;
  #expected: { readonly role: 'interpreter' | 'loader'; readonly path: string } | undefined;
  #kernelArgv: readonly string[] | undefined;
  readonly #linkArgvs: (readonly string[] | undefined)[] = [];
  #ruleSetIds: readonly number[] = [];

  constructor(kernelName: string, requestedPath: string, args: Arguments | undefined) {
    this.kernelName = kernelName;
    this.requestedPath = requestedPath;
    const argv = args?.strings;
    this.hasAllArguments = args?.isComplete ?? false;
    this.argv = argv && this.#judged(argv);
    // An empty argument list gets one empty string (Linux 5.18).
    this.#kernelArgv = argv?.length === 0 ? [''] : argv;
  }

  /** The file the kernel opens next for this exec, as the program before names it. */
  get expected(): { readonly role: 'interpreter' | 'loader'; readonly path: string } | undefined {
    return this.#expected;
  }

  /** The arguments as the kernel will lay them out for the program that runs in the end, byte for byte (latin1). */
  get kernelArgv(): readonly string[] | undefined {
    return this.#kernelArgv;
  }

  /** An exec that somebody else began to judge: what is known of it is what comes next. */
  static goingOn(
    kernelName: string,
    requestedPath: string,
    role: Exclude<ExecLink['role'], 'program'>,
    path: string,
  ): ExecChain {
    const chain = new ExecChain(kernelName, requestedPath, undefined);
    chain.#expected = { role, path };
    return chain;
  }

  /** The arguments of a link, as rules compare them: an interpreter's are not the script's. */
  argvOf(index: number): readonly string[] | undefined {
    const argv = this.#linkArgvs[index];
    return argv && this.#judged(argv);
  }

  /** Whether the links before were judged by the same rule sets, which those of all links are from now on. */
  isJudgedBy(ruleSetIds: readonly number[]): boolean {
    const before = this.#ruleSetIds;
    this.#ruleSetIds = ruleSetIds;
    return before.length === ruleSetIds.length && before.every((id, at) => id === ruleSetIds[at]);
  }

  /** Takes in a judged link and learns what its header asks for. */
  add(link: ExecLink, header: ProgramHeader): void {
    this.links.push(link);
    this.judgedFile = link.fileId;
    this.#expected = undefined;
    this.#linkArgvs.push(this.#kernelArgv);
    if (link.role === 'loader') return;
    if (header.kind === 'elf' && header.loader !== undefined) {
      this.#expected = { role: 'loader', path: fromBytes(header.loader) };
    } else if (header.kind === 'script') {
      this.#expected = { role: 'interpreter', path: fromBytes(header.interpreter) };
      this.#replaceFirst(header.interpreter, header.argument);
    }
  }

  // What was not read is an argument that no rule can list: allowedArgs then fail.
  #judged(argv: readonly string[]): readonly string[] {
    const read = argv.map(fromBytes);
    return this.hasAllArguments ? read : [...read, '\0'];
  }

  // A script's own name replaces the first argument, behind the interpreter and its one argument.
  #replaceFirst(interpreter: string, argument: string | undefined): void {
    if (this.#kernelArgv === undefined) return;
    const before = argument === undefined ? [interpreter] : [interpreter, argument];
    const isNested = this.links.length > 1;
    const script = isNested ? (this.#kernelArgv[0] ?? '') : this.kernelName;
    this.#kernelArgv = [...before, script, ...this.#kernelArgv.slice(1)];
  }
}
