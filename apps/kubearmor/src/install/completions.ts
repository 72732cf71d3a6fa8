import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Where each shell looks for the completions of a program. */
const PLACES: Readonly<Record<'bash' | 'zsh' | 'fish', string>> = {
  bash: '/usr/share/bash-completion/completions/karmor',
  zsh: '/usr/share/zsh/vendor-completions/_karmor',
  fish: '/usr/share/fish/vendor_completions.d/karmor.fish',
};

/** What `karmor completion` of a built checkout, or of an installation, writes for each shell, by the file it belongs into. */
export function completions(source: string): ReadonlyMap<string, string> {
  const karmor = join(source, 'apps/karmor/dist/main.js');
  return new Map(
    Object.entries(PLACES).flatMap(([shell, path]) => {
      const { status, stdout } = spawnSync(process.execPath, [karmor, 'completion', shell], {
        encoding: 'utf8',
      });
      return status === 0 ? [[path, stdout] as const] : [];
    }),
  );
}
