import { describe, expect, it } from 'vitest';
import { absenceHint } from './absent-commands.js';

describe('absenceHint', () => {
  it('says what to do instead of a command of KubeArmor’s client', () => {
    expect(absenceHint("unknown command 'install'\n(Did you mean x?)")).toContain('kubearmor install');
    expect(absenceHint("unknown command 'recommend'")).toContain('not part of this version');
  });

  it('has nothing to say of all else', () => {
    for (const complaint of ["unknown command 'nothing'", "unknown option '--install'"])
      expect(absenceHint(complaint)).toBe('');
  });
});
