import { writeFileSync } from 'node:fs';
import { bypassPlaces } from './bypass-places.ts';
import { loadAttempts } from './load-attempts.ts';
import { reachTable } from './reach-table.ts';

writeFileSync(bypassPlaces.reach, reachTable(loadAttempts(bypassPlaces.attempts)));
