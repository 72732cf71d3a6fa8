import { styleText } from 'node:util';

/** The looks that a probe's report uses. */
export type Look = 'green' | 'yellow' | 'red' | 'blue' | 'bold';

/** Colours a text, or leaves it as it is. */
export type Paint = (look: Look, text: string) => string;

/** With colours or without. */
export function createPaint(isColoured: boolean): Paint {
  return (look, text) => (isColoured ? styleText(look, text, { validateStream: false }) : text);
}
