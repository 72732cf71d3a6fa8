import { clean } from './janitor.ts';

await clean();
