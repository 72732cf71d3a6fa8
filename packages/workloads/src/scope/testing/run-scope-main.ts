// A program for tests: launches the scope that its argument describes, as JSON, through the agent at its other argument.
import { launchScope } from '../scope-launch.js';
import { resolveScopeSpec } from '../scope-spec.js';
import { SocketScopeAgent } from '../socket-scope-agent.js';
import { isScopeOptions } from './scope-options.js';

const [socketPath = '', text = 'null'] = process.argv.slice(2);
const options: unknown = JSON.parse(text);
const complain = (message: string): void => {
  process.stderr.write(`${message}\n`);
};

if (isScopeOptions(options)) {
  const spec = resolveScopeSpec(options, { cwd: process.cwd(), env: process.env });
  const agent = new SocketScopeAgent({ socketPath });
  try {
    process.exitCode = await launchScope(
      spec,
      { agent, signals: process, warn: complain },
      { openFileLimit: 1000 },
    );
  } catch (error) {
    complain(
      error instanceof Error && 'code' in error ? `${String(error.code)} ${error.message}` : String(error),
    );
    process.exitCode = 125;
  }
}
