import { allowLockoutAnnotation, neededPrograms, type NeededProgram } from '../../packages/policy/dist/index.js';

/** The reference page of what a host policy may not take from its machine. */
export function renderLockout(): string {
  const shared = neededPrograms
    .map(({ reads }) => reads)
    .reduce((common, reads) => common.filter((path) => reads.includes(path)));
  return [INTRO, ...neededPrograms.map((program) => render(program, shared)), everybody(shared)].join('\n');
}

const INTRO = `# What a host policy may not take

Generated from the code.

A KubeArmorHostPolicy is about every process of the machine that is in no container and no scope. One that would deny any
of what follows, by a rule without \`fromSource\` or by a posture of \`block\`, is refused: as a file, over gRPC, and by lint.
The error names the rule, the path and the program. It is looked at alone: what another policy would allow does not count.
To apply such a policy annotate it with \`${allowLockoutAnnotation}: "true"\`.

A rule that names its sources is taken as it is, and so is every policy for units: a unit is one service, not the way in.
Paths are those of a machine whose \`/bin\`, \`/sbin\` and \`/lib\` are in \`/usr\`; they count without \`/usr\` as well.

Whatever the policies say, exempt are the agent and its guard with all that they execute, process 1, a child of it until it
has executed the program of the unit that it starts, and threads of the kernel.

| program | role | must be able to execute | must be able to read | network |
|---|---|---|---|---|`;

function render({ path, role, executes, reads, usesTcp }: NeededProgram, shared: readonly string[]): string {
  const own = reads.filter((each) => !shared.includes(each));
  return `| \`${path}\` | ${role} | ${list(executes)} | ${list(own)} | ${usesTcp ? 'tcp' : ''} |`;
}

function everybody(shared: readonly string[]): string {
  return `\nEach of them must be able to read its libraries: ${list(shared)}.\n`;
}

function list(paths: readonly string[]): string {
  return paths.map((path) => `\`${path}\``).join(', ');
}
