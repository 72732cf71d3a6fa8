/** The options of an overlay mount; characters that separate options or layers are escaped. */
export function overlayOptions(lower: string, upper: string, work: string, extra: string): string {
  const options = [`lowerdir=${escapeLower(lower)}`, `upperdir=${escape(upper)}`, `workdir=${escape(work)}`];
  return (extra === '' ? options : [...options, extra]).join(',');
}

function escape(path: string): string {
  return path.replace(/[\\,]/gu, '\\$&');
}

// Layers are split at colons after options are split at commas, each time taking one backslash away.
function escapeLower(path: string): string {
  return escape(path.replace(/[\\:]/gu, '\\$&'));
}
