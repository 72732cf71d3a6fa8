import type { Action } from '../language/rule.js';
import type { Fields } from './fields.js';
import { readAction, readInteger, readText, readTexts } from './values.js';

/** What rule, section and spec can each set; what is not set here comes from the level above. */
export interface Attributes {
  readonly severity: number | undefined;
  readonly tags: readonly string[] | undefined;
  readonly message: string | undefined;
  readonly action: Action | undefined;
}

/** The same with nothing left open. */
export interface Inherited {
  readonly severity: number;
  readonly tags: readonly string[];
  readonly message: string;
  readonly action: Action;
}

/** Fields of {@link Attributes} where there is no action: system calls are only ever audited. */
export const quietAttributeFields: readonly string[] = ['severity', 'tags', 'message'];

/** Fields of {@link Attributes}. */
export const attributeFields: readonly string[] = [...quietAttributeFields, 'action'];

/** Reads the attributes of one level. An empty message, list or action is not set. */
export function readAttributes(fields: Fields): Attributes {
  const tags = fields.optional('tags', readTexts);
  return {
    severity: fields.optional('severity', readInteger(1, 10)),
    tags: tags?.length === 0 ? undefined : tags,
    message: fields.optional('message', readText) || undefined,
    action: fields.optional('action', readAction),
  };
}

/** Fills what a level leaves open from the level above it, field by field. */
export function inherit(own: Attributes, above: Inherited): Inherited {
  return {
    severity: own.severity ?? above.severity,
    tags: own.tags ?? above.tags,
    message: own.message ?? above.message,
    action: own.action ?? above.action,
  };
}

/** What holds where not even the spec says anything. */
export const defaults: Inherited = { severity: 1, tags: [], message: '', action: 'Block' };
