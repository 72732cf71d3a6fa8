import { describe, expect, it } from 'vitest';
import { parseUnits } from './systemctl.js';

describe('parseUnits', () => {
  it('takes the cgroup of a unit that runs, and says where one that does not will be', () => {
    const text = [
      'Id=nginx.service\nSlice=web.slice\nControlGroup=/web.slice/nginx.service\n',
      'Slice=system-getty.slice\nId=getty@tty1.service\nControlGroup=\n',
      'Id=unknown.service\nControlGroup=\nSlice=\n',
      'Id=dbus.socket\nControlGroup=\nSlice=system.slice\n',
    ].join('\n');
    expect(parseUnits(text)).toEqual([
      { name: 'nginx.service', slice: 'web.slice', cgroup: '/web.slice/nginx.service' },
      {
        name: 'getty@tty1.service',
        slice: 'system-getty.slice',
        cgroup: '/system.slice/system-getty.slice/getty@tty1.service',
      },
      { name: 'unknown.service', slice: 'system.slice', cgroup: '/system.slice/unknown.service' },
    ]);
  });

  it('takes a unit that is asked for under two names once', () => {
    const block = 'Id=ssh.service\nSlice=system.slice\nControlGroup=\n';
    expect(parseUnits(`${block}\n${block}`)).toHaveLength(1);
    expect(parseUnits('')).toEqual([]);
  });
});
