/** Options of glibc's loader that take the next word as their value. */
const WITH_VALUE = new Set([
  '--library-path',
  '--preload',
  '--audit',
  '--argv0',
  '--inhibit-rpath',
  '--glibc-hwcaps-prepend',
  '--glibc-hwcaps-mask',
]);

/** Of the command line of a loader that was run directly the arguments of what it runs, its name first. */
export function loadedArguments(commandLine: readonly string[]): readonly string[] {
  let at = 1;
  while (commandLine[at]?.startsWith('--') === true) {
    const option = commandLine[at] ?? '';
    at += WITH_VALUE.has(option) ? 2 : 1;
    // What comes after is a name, whatever it looks like.
    if (option === '--') break;
  }
  return commandLine.slice(at);
}
