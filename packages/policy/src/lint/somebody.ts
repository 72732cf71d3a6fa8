import type { Subject } from '../decide/operation.js';

/** A subject that no rule has as its source and that owns what it asks for. */
export const somebody: Subject = { exe: '', fsUid: 0, hasTty: false };
