import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { listeningPorts } from './listening-ports.js';

describe('listeningPorts', () => {
  for (const host of ['127.0.0.1', '::1']) {
    it(`has a port of ${host} while somebody listens on it`, async () => {
      const server = createServer().listen(0, host);
      await once(server, 'listening');
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      expect(listeningPorts().has(port)).toBe(true);
      server.close();
      await once(server, 'close');
      expect(listeningPorts().has(port)).toBe(false);
    });
  }
});
