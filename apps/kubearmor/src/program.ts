import { Command, CommanderError } from 'commander';
import { addSettingOptions } from './config/add-setting-options.js';
import { CONFIG_PLACES } from './config/config-file.js';
import { goFlags } from './config/go-flags.js';
import { GUARD_SECTION, SECTIONS } from './config/sections.js';
import { DEFAULT_PREFIX } from './install/install-places.js';

/** Builds the command line; what it gives runs it and resolves to the exit status. */
export function createProgram(): (argv: readonly string[]) => Promise<number> {
  let status = 0;
  const program = new Command('kubearmor')
    .description('Runtime security enforcement for this machine.')
    .exitOverride();
  const add = (
    name: string,
    description: string,
    load: () => Promise<{ run: (options: unknown) => Promise<number> }>,
  ): Command => {
    return program
      .command(name)
      .description(description)
      .action(async (options: unknown) => {
        status = await (await load()).run(options);
      });
  };
  addSettingOptions(
    withConfig(add('agent', 'apply policies and report alerts', () => import('./commands/agent.js'))),
    SECTIONS,
  );
  addGuardOptions(
    withConfig(
      add('release', 'end enforcement and remove everything', () => import('./commands/release.js')),
    ),
  );
  add('probe', 'say what this machine can enforce', () => import('./commands/probe.js')).option(
    '--json',
    'print JSON',
  );
  addInstallOptions(
    add(
      'install',
      'install both programs on this machine, as a systemd service',
      () => import('./commands/install.js'),
    ),
  ).option('--no-start', 'leave the service as it is');
  addInstallOptions(
    add(
      'uninstall',
      'end enforcement and remove what install has made',
      () => import('./commands/uninstall.js'),
    ),
  ).option('--purge', 'configuration, policies and state as well');
  addGuardOptions(
    add('keeper', 'part of the guard, started by the agent', () => import('./commands/keeper.js')),
  );
  addGuardOptions(
    add('answerer', 'part of the guard, started by the keeper', () => import('./commands/answerer.js')),
  );
  return async (argv) => {
    try {
      await program.parseAsync(goFlags(argv));
      return status;
    } catch (thrown) {
      return failed(thrown);
    }
  };
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

const addGuardOptions = (command: Command): Command => addSettingOptions(command, [GUARD_SECTION]);

function failed(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'UNEXPECTED';
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  process.stderr.write(`kubearmor: ${code}: ${message}\n`);
  if (code === 'SETTING_INVALID') return 2;
  return 1;
}
