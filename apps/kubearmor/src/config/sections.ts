import { GUARD_SETTINGS } from './sections/guard-settings.js';
import { INERT_SETTINGS } from './sections/inert-settings.js';
import { NODE_SETTINGS } from './sections/node-settings.js';
import { POLICY_SETTINGS } from './sections/policy-settings.js';
import { SERVICE_SETTINGS } from './sections/service-settings.js';
import { TELEMETRY_SETTINGS } from './sections/telemetry-settings.js';
import { isSettingName } from './setting-names.js';
import type { SettingName } from './settings.js';

/** Settings that are listed together. */
export interface Section {
  readonly title: string;
  readonly names: readonly SettingName[];
}

const namesOf = (settings: object): readonly SettingName[] => Object.keys(settings).filter(isSettingName);

/** The settings that keeper, answerer and `release` know, too. */
export const GUARD_SECTION: Section = { title: 'Guard', names: namesOf(GUARD_SETTINGS) };

/** All settings, as help and reference list them. */
export const SECTIONS: readonly Section[] = [
  { title: 'Policies', names: namesOf(POLICY_SETTINGS) },
  { title: 'Alerts and logs', names: namesOf(TELEMETRY_SETTINGS) },
  { title: 'Services', names: namesOf(SERVICE_SETTINGS) },
  { title: 'Node', names: namesOf(NODE_SETTINGS) },
  GUARD_SECTION,
  { title: 'Without effect here', names: namesOf(INERT_SETTINGS) },
];
