/** Names that the kernel has for files of a cgroup's directory: systemd puts an underscore before a unit of such a name. */
const RESERVED = /^(_|\.|cgroup\.|notify_on_release$|release_agent$|tasks$)/;
const CONTROLLERS = /^(cpu|cpuacct|cpuset|io|blkio|memory|devices|pids)\./;

/** The cgroup of a unit, from the root of systemd's hierarchy: `/system.slice/nginx.service`. */
export function unitCgroupPath(slice: string, unit: string): string {
  return `${sliceCgroupPath(slice)}/${escapeName(unit)}`;
}

/** Where systemd puts a service that names no slice: an instance beside the others of its template. */
export function defaultSlice(unit: string): string {
  const template = /^([^@]+)@/.exec(unit)?.[1];
  return template === undefined ? 'system.slice' : `system-${template.replaceAll('-', '\\x2d')}.slice`;
}

/** The unit whose cgroup has that name. */
export function unitOfCgroup(name: string): string {
  return name.startsWith('_') ? name.slice(1) : name;
}

// The dashes of a slice's name are the slices it is in: a-b.slice is in a.slice. One dash alone is the root.
function sliceCgroupPath(slice: string): string {
  const name = slice.replace(/\.slice$/, '');
  if (name === '-' || name === '') return '';
  const parts = name.split('-');
  const slices = parts.map((_, index) => `${parts.slice(0, index + 1).join('-')}.slice`);
  return slices.map((each) => `/${escapeName(each)}`).join('');
}

function escapeName(name: string): string {
  return RESERVED.test(name) || CONTROLLERS.test(name) ? `_${name}` : name;
}
