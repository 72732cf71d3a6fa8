import { SETTINGS, type SettingName } from './settings.js';

/** Whether a setting is called that. */
export function isSettingName(text: string): text is SettingName {
  return Object.hasOwn(SETTINGS, text);
}

/** The names of all settings. */
export function settingNames(): readonly SettingName[] {
  return Object.keys(SETTINGS).filter(isSettingName);
}
