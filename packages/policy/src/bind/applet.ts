import type { MultiCallProgram } from './multi-call.js';
import { lastComponent } from './multi-call.js';

/** The well-known ones take the applet from the next argument wherever they are installed. */
const wellKnown = /^(?:busybox|toybox|coreutils)/;

/** What `coreutils` calls the option that names the applet. */
const appletOption = /^--coreutils-prog(?:-shebang)?=(.*)$/;

/**
 * Which applet a multi-call program runs: the last component of `argv[0]`, without the dash of a login shell, or of
 * the next argument where that is the program's own name.
 */
export function appletOf(argv: readonly string[], program: MultiCallProgram): string {
  let applet = '';
  for (const argument of argv) {
    const option = appletOption.exec(argument)?.[1];
    if (option !== undefined) return option;
    applet = lastComponent(argument).replace(/^-/, '');
    if (!isOwnName(applet, program)) break;
  }
  return applet;
}

/** Whether a name is the program's own rather than one of its applets. Where all names are hard links, none is. */
export function isOwnName(name: string, { targets }: MultiCallProgram): boolean {
  return (
    wellKnown.test(name) ||
    (targets.size === 1 && [...targets].some((target) => lastComponent(target) === name))
  );
}
