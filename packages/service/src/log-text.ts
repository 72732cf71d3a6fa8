import { z } from 'zod';

const recordSchema = z.record(z.string(), z.unknown());
const BARE_WORD = /^[^\s"=\p{Cc}]+$/u;

/** Turns one JSON log line into `time LEVEL component: message key=value`. */
export function logText(jsonLine: string): string {
  const { time, level, component, msg, ...facts } = recordSchema.parse(JSON.parse(jsonLine));
  const source = component === undefined ? '' : ` ${word(component)}:`;
  const head = `${word(time)} ${word(level).toUpperCase().padEnd(5)}${source} ${escaped(msg)}`;
  const fields = Object.entries(facts).map(([key, value]) => ` ${key}=${word(value)}`);
  return `${head}${fields.join('')}\n`;
}

/** A value without blanks as it is, anything else quoted: a value must not be able to look like a field or a line. */
function word(value: unknown): string {
  if (typeof value === 'string' && BARE_WORD.test(value)) return value;
  return JSON.stringify(value);
}

function escaped(message: unknown): string {
  if (typeof message !== 'string') return '';
  return message.replace(/\p{Cc}/gu, (control) => JSON.stringify(control).slice(1, -1));
}
