import { variablesOf } from '../../apps/kubearmor/dist/config/environment-layer.js';
import { CONFIG_PLACES } from '../../apps/kubearmor/dist/config/config-file.js';
import { flagOf } from '../../apps/kubearmor/dist/config/flag-layer.js';
import { SECTIONS, type Section } from '../../apps/kubearmor/dist/config/sections.js';
import type { Setting } from '../../apps/kubearmor/dist/config/setting.js';
import { SETTINGS, type SettingName } from '../../apps/kubearmor/dist/config/settings.js';

const EFFECTS: Readonly<Record<Setting<unknown>['effect'], string>> = {
  live: 'at once',
  restart: 'restart',
  none: '',
};

/** The reference page of all settings. */
export function renderConfiguration(): string {
  return [intro(), ...SECTIONS.map(renderSection), notes()].join('\n');
}

function intro(): string {
  const places = CONFIG_PLACES.map((place) => `\`${place}\``).join(', else ');
  return `# Configuration

Generated from the code.

A value is taken from the first of these that has one: flag, environment variable, file, default. An error names where
the wrong value stands, and the agent does not start; a wrong value also counts where another source overrides it.

- **File**: YAML, one \`name: value\` a line: \`--config\`, else \`$KUBEARMOR_CFG\`, else ${places}.
  Case of names does not matter. Unknown names are logged with the nearest known one.
- **Environment**: \`KUBEARMOR_\` and the name in capitals; KubeArmor's settings also without the prefix, as it reads
  them. The first variable of those listed wins; an empty one counts as none.
- **Flag**: \`--name value\` or \`--name=value\`; one dash does as well. A switch alone means \`true\`.

The file is watched. What the tables mark "at once" changes while the agent runs; the rest waits for a restart, which the
log and \`karmor status\` say. A file that cannot be read, is empty or gone leaves the last good content in force.
`;
}

function renderSection({ title, names }: Section): string {
  const isInert = names.every((name) => SETTINGS[name].effect === 'none');
  const head = isInert
    ? [
        '| name | values | default | environment | meaning in KubeArmor | why nothing comes of it here |',
        '|---|---|---|---|---|---|',
      ]
    : ['| name | values | default | environment | changes | meaning |', '|---|---|---|---|---|---|'];
  const before = isInert
    ? [
        "KubeArmor's, read so that its configurations can be used; one that differs from its default is logged.",
        '',
      ]
    : [];
  return [`## ${title}`, '', ...before, ...head, ...names.map(renderRow), ''].join('\n');
}

function renderRow(name: SettingName): string {
  const setting: Setting<unknown> = SETTINGS[name];
  const { kind, description, effect, reason = '' } = setting;
  const flag = flagOf(name) === name ? '' : `, flag \`--${flagOf(name)}\``;
  const variables = variablesOf(name).map((variable) => `\`${variable}\``);
  const columns = [
    `\`${name}\`${flag}`,
    kind.expected,
    defaultOf(setting),
    variables.join(' '),
    ...(effect === 'none' ? [description, reason] : [EFFECTS[effect], description]),
  ];
  return `| ${columns.map((column) => column.replaceAll('|', '\\|')).join(' | ')} |`;
}

function defaultOf({ default: usual, derivedFrom }: Setting<unknown>): string {
  if (derivedFrom !== undefined) return derivedFrom;
  return usual === '' ? '' : `\`${usual}\``;
}

function notes(): string {
  const special = SECTIONS.flatMap(({ names }) => names).flatMap((name) => {
    const { bareVariable }: Setting<unknown> = SETTINGS[name];
    return bareVariable === undefined ? [] : [`- ${bareVariable.note}.`];
  });
  return ['## Variables that other software uses, too', '', ...special, ''].join('\n');
}
