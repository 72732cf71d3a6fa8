import { Command } from 'commander';
import { addSettingOptions } from './config/add-setting-options.js';
import { CONFIG_PLACES } from './config/config-file.js';
import { GUARD_SECTION, SECTIONS } from './config/sections.js';
import { DEFAULT_PREFIX } from './install/install-places.js';

/** Loads a command. */
export type LoadCommand = () => Promise<{ readonly run: (options: unknown) => Promise<number> }>;

/** Runs a command that was asked for. */
export type InvokeCommand = (load: LoadCommand, options: unknown) => Promise<void>;

const EXIT_STATUS = `
Exit status: 0; 1 when something failed; 2 for a wrong usage or setting.
`;

/** Every command with its options and its help. What they do is loaded when they are asked for. */
export function createTree(invoke: InvokeCommand): Command {
  const program = new Command('kubearmor')
    .description('Runtime security enforcement for this machine.')
    .exitOverride()
    .addHelpText('after', examples('kubearmor probe', 'kubearmor agent --policies ./policies') + EXIT_STATUS);
  const add = (name: string, description: string, load: LoadCommand, ...lines: readonly string[]): Command =>
    program
      .command(name)
      .description(description)
      .action((options: unknown) => invoke(load, options))
      .addHelpText('after', lines.length === 0 ? '' : examples(...lines));
  addSettingOptions(
    withConfig(
      add(
        'agent',
        'apply policies and report alerts',
        () => import('./commands/agent.js'),
        'kubearmor agent',
        'kubearmor agent --policies ./policies --run-dir /tmp/ka --gRPC none',
        'kubearmor agent --config /etc/kubearmor/kubearmor.yaml --defaultFilePosture block',
      ),
    ),
    SECTIONS,
  );
  addGuardOptions(
    withConfig(
      add(
        'release',
        'end enforcement and remove everything',
        () => import('./commands/release.js'),
        'kubearmor release',
        'kubearmor release --run-dir /tmp/ka',
      ),
    ),
  );
  add(
    'probe',
    'say what this machine can enforce; 1 where that is nothing',
    () => import('./commands/probe.js'),
    'kubearmor probe',
    "kubearmor probe --json | jq '.enforcer'",
  ).option('--json', 'print JSON');
  addInstallOptions(
    add(
      'install',
      'install both programs on this machine, as a systemd service',
      () => import('./commands/install.js'),
      'kubearmor install --dry-run',
      'kubearmor install',
    ),
  ).option('--no-start', 'leave the service as it is');
  addInstallOptions(
    add(
      'uninstall',
      'end enforcement and remove what install has made',
      () => import('./commands/uninstall.js'),
      'kubearmor uninstall --dry-run',
      'kubearmor uninstall --purge',
    ),
  ).option('--purge', 'configuration, policies and state as well');
  addGuardOptions(
    add('keeper', 'part of the guard, started by the agent', () => import('./commands/keeper.js')),
  );
  addGuardOptions(
    add('answerer', 'part of the guard, started by the keeper', () => import('./commands/answerer.js')),
  );
  return program;
}

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

function addInstallOptions(command: Command): Command {
  return command
    .option('--prefix <dir>', `where the program is (default ${DEFAULT_PREFIX})`)
    .option(
      '--root <dir>',
      "stands for the machine's root: files only, nothing is started or ended (default /)",
    )
    .option('--dry-run', 'say what would be done');
}

function withConfig(command: Command): Command {
  return command.option(
    '--config <file>',
    `settings (default $KUBEARMOR_CFG, else the first there is of ${CONFIG_PLACES.join(', ')})`,
  );
}

function addGuardOptions(command: Command): Command {
  return addSettingOptions(command, [GUARD_SECTION]);
}
