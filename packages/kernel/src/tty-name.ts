const PTS_MAJOR_FIRST = 136;
const PTS_MAJOR_LAST = 143;
const TTY_MAJOR = 4;
const FIRST_SERIAL_MINOR = 64;
const AUX_MAJOR = 5;

/** The name of a terminal without /dev, such as `pts/3` or `tty1`, from `tty_nr` of /proc/PID/stat; undefined without one. */
export function ttyName(ttyNr: number): string | undefined {
  if (ttyNr === 0) return undefined;
  // The kernel's "new" dev_t encoding: the minor is split around the major.
  const major = (ttyNr >>> 8) & 0xfff;
  const minor = (ttyNr & 0xff) | ((ttyNr >>> 12) & 0xfff00);
  if (major >= PTS_MAJOR_FIRST && major <= PTS_MAJOR_LAST) {
    return `pts/${(major - PTS_MAJOR_FIRST) * 256 + minor}`;
  }
  if (major === TTY_MAJOR) {
    return minor < FIRST_SERIAL_MINOR ? `tty${minor}` : `ttyS${minor - FIRST_SERIAL_MINOR}`;
  }
  if (major === AUX_MAJOR && minor === 1) return 'console';
  return `char/${major}:${minor}`;
}
