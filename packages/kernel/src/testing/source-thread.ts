import { Worker } from 'node:worker_threads';

// Node runs TypeScript by itself but does not look for x.ts when x.js is imported, as the sources do.
const HOOKS = `import { registerHooks } from 'node:module';
registerHooks({
  resolve(specifier, context, next) {
    try {
      return next(specifier, context);
    } catch (error) {
      if (!specifier.endsWith('.js')) throw error;
      return next(specifier.slice(0, -3) + '.ts', context);
    }
  },
});
`;

/**
 * Runs code in a thread of its own, which may confine itself for good: privileges, filters and mount namespaces are a
 * thread's. The code sees the package as `kernel` and returns what is to be compared.
 */
export function runInThread(code: string): Promise<unknown> {
  const entry = new URL('../index.ts', import.meta.url).href;
  const body = `const kernel = await import(${JSON.stringify(entry)});
const { parentPort } = await import('node:worker_threads');
const run = async () => { ${code} };
const attempt = (action) => { try { action(); return 'ok'; } catch (error) { return error.code; } };
parentPort.postMessage(await run());`;
  const worker = new Worker(dataUrl(HOOKS + body));
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

function dataUrl(code: string): URL {
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
}
