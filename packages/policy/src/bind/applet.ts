import { lastComponent } from './multi-call.js';

/** Names under which the well-known ones take the applet from the next argument, wherever they are installed. */
const ownName = /^(?:busybox|toybox|coreutils)/;

/** What `coreutils` calls the option that names the applet. */
const appletOption = /^--coreutils-prog(?:-shebang)?=(.*)$/;

/** Whether a name is the program's own rather than one of its applets. */
export function isOwnName(name: string, target: string): boolean {
  return name === lastComponent(target) || ownName.test(name);
}

/**
 * Which applet a multi-call program runs: the last component of `argv[0]`, without the dash of a login shell, or of
 * the next argument where that is the program's own name.
 */
export function appletOf(argv: readonly string[], target: string): string {
  let applet = '';
  for (const argument of argv) {
    const option = appletOption.exec(argument)?.[1];
    if (option !== undefined) return option;
    applet = lastComponent(argument).replace(/^-/, '');
    if (!isOwnName(applet, target)) break;
  }
  return applet;
}
