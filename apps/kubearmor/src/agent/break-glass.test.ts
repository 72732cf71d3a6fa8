import { describe, expect, it } from 'vitest';
import { isSwitchedOff } from './break-glass.js';

describe('isSwitchedOff', () => {
  it.each([
    ['root=/dev/vda quiet kubearmor=off\n', true],
    ['kubearmor=on kubearmor=off', true],
    ['kubearmor=off kubearmor=on', false],
    ['notkubearmor=off', false],
    ['kubearmor=office', false],
    ['', false],
  ])('of "%s"', (commandLine, isOff) => {
    expect(isSwitchedOff(commandLine)).toBe(isOff);
  });
});
