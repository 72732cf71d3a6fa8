import { existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import type { Postures } from '@kubearmor/policy';
import type { HostFacts, ProbedPostures } from '@kubearmor/service';

/** What {@link hostFacts} cannot find out on the machine. */
export interface HostFactsOptions {
  /** The enforcer. */
  readonly enforcer: string;
  readonly isHostProtected: boolean;
  readonly postures: Postures;
  readonly hostPostures: Postures;
  /** As KubeArmor writes it: `process,file` or `none`. */
  readonly hostVisibility: string;
}

/** What `karmor probe` tells of the machine. */
export function hostFacts(options: HostFactsOptions): HostFacts {
  return {
    OSImage: osImage(),
    KernelVersion: release(),
    KubeletVersion: '',
    ContainerRuntime: '',
    ActiveLSM: options.enforcer,
    // Type information takes the headers' place, as it does in KubeArmor.
    KernelHeaderPresent:
      existsSync('/sys/kernel/btf/vmlinux') || existsSync(`/lib/modules/${release()}/build`),
    HostSecurity: options.isHostProtected,
    ContainerSecurity: true,
    ContainerDefaultPosture: probed(options.postures),
    HostDefaultPosture: probed(options.hostPostures),
    HostVisibility: options.hostVisibility,
  };
}

/** What is watched, as KubeArmor writes it: `process,file`, or `none`. */
export function describeVisibility(visibility: ReadonlySet<string>): string {
  return visibility.size === 0 ? 'none' : [...visibility].join(',');
}

function probed({ file, network, capabilities }: Postures): ProbedPostures {
  return { file, network, capabilities };
}

function osImage(): string {
  for (const path of ['/etc/os-release', '/usr/lib/os-release']) {
    if (!existsSync(path)) continue;
    const [, name] = /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(readFileSync(path, 'utf8')) ?? [];
    if (name !== undefined) return name;
  }
  return 'unknown';
}
