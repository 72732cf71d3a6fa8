/** The options of an overlay mount; characters that separate options or layers are escaped. */
export function overlayOptions(lower: string, upper: string, work: string, extra: string): string {
  const options = [`lowerdir=${escape(lower)}`, `upperdir=${escape(upper)}`, `workdir=${escape(work)}`];
  return (extra === '' ? options : [...options, extra]).join(',');
}

// The kernel steps over a backslash where it splits options and takes it away where it splits layers.
function escape(path: string): string {
  return path.replace(/[\\:,]/gu, '\\$&');
}
