/** Whether the kernel's command line says that nothing is to be enforced on this machine: `kubearmor=off`. */
export function isSwitchedOff(commandLine: string): boolean {
  return (
    commandLine
      .trim()
      .split(/\s+/)
      .findLast((word) => word.startsWith('kubearmor=')) === 'kubearmor=off'
  );
}
