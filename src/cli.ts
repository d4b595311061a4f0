#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { registerCommands } from './commands/register.ts';
import { EXIT } from './commands/surroundings.ts';
import { type Config, ConfigError, describeSettings, takeConfig } from './config.ts';

const SANDBOX_TOKEN = 'Bearer sandbox-admin';
const FIRST_QUERY =
  '{ assets(first: 3) { totalCount nodes { name address platform { name } accounts { nodes { username } } } } }';

const whole = (least: number, most: number) => (text: string) => {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= most) return number;
  throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
};
const MOST_ROWS = 100_000_000;

const program = new Command('jumpgraph').description('One typed GraphQL graph over JumpServer').exitOverride();

program
  .command('serve', { isDefault: true })
  .description('serve the graph; settings come from the environment')
  .addHelpText('after', () => `\nEnvironment:\n${describeSettings()}`)
  .action(() => {
    const config = takeConfig();
    return config.JUMPSERVER_URL ? serveJumpServer(config, config.JUMPSERVER_URL) : serveSandbox(config);
  });

program
  .command('sandbox')
  .description('serve the embedded JumpServer by itself, for tests of other programs')
  .addOption(new Option('--host <address>', 'address to listen on').default('127.0.0.1'))
  .addOption(
    new Option('--port <number>', 'port to listen on; 0 takes a free one').default(8080).argParser(whole(0, 65_535)),
  )
  .addOption(
    new Option('--version <version>', 'version to imitate')
      .choices(['3.10.23', '4.9.0', '4.10.16', '4.10.19'])
      .default('4.10.16'),
  )
  .addOption(new Option('--assets <number>', 'assets of the invented company').argParser(whole(0, MOST_ROWS)))
  .addOption(new Option('--users <number>', 'users of the invented company').argParser(whole(0, MOST_ROWS)))
  .addOption(new Option('--sessions <number>', 'sessions in its log').argParser(whole(0, MOST_ROWS)))
  .addOption(new Option('--seed <number>', 'another company of the same size').argParser(whole(0, MOST_ROWS)))
  .addOption(new Option('--latency', "answer as slowly as a real server's two workers"))
  .addOption(new Option('--no-throttle', 'answer any number of requests a minute'))
  .action(async ({ host, port, version, throttle, ...company }) => {
    const { createSandbox } = await import('./sandbox/index.ts');
    const sandbox = createSandbox({ version, ...company, ...(throttle === false && { throttle }) });
    const { url } = await sandbox.listen({ host, port });
    console.log(`Sandbox of JumpServer ${version}: ${url}`);
    console.log(`curl -s ${url}/api/v1/users/profile/ -H 'Authorization: ${SANDBOX_TOKEN}'`);
  });

registerCommands(program, {
  openSource: async ({ JUMPSERVER_URL }) => {
    if (JUMPSERVER_URL) return { url: JUMPSERVER_URL };
    console.error('SANDBOX: JUMPSERVER_URL is not set, so this is about an embedded, invented JumpServer.');
    return { ...(await openSandbox()), authorization: SANDBOX_TOKEN };
  },
});

const serveJumpServer = async (config: Config, address: string): Promise<void> => {
  const { serve } = await import('./server/serve.ts');
  await serve({
    config,
    source: { url: address },
    onListening: (url) => console.log(`Graph: ${url}/graphql`),
  });
};

const serveSandbox = async (config: Config): Promise<void> => {
  console.log('SANDBOX: JUMPSERVER_URL is not set, so the graph stands before an embedded, invented JumpServer.');
  const [{ serve }, source] = await Promise.all([import('./server/serve.ts'), openSandbox()]);
  const prefill = { authorization: SANDBOX_TOKEN, query: FIRST_QUERY };
  await serve({ config, source, prefill, onListening: printFirstSteps });
};

/** Unthrottled: the 180 calls a minute of a real server would make playing and measuring tedious. */
const openSandbox = async () => {
  const { createSandbox } = await import('./sandbox/index.ts');
  const sandbox = createSandbox({ throttle: false });
  return {
    url: 'http://sandbox.invalid',
    fetch: (url: string, init: RequestInit) => sandbox.fetch(new Request(url, init)),
  };
};

const printFirstSteps = (url: string): void => {
  console.log(`Editor: ${url}/`);
  console.log(
    `curl -s ${url}/graphql -H 'Content-Type: application/json' -H 'Authorization: ${SANDBOX_TOKEN}' -d '${JSON.stringify({ query: FIRST_QUERY })}'`,
  );
};

/** What is said of a start that can't be; undefined for anything that is our own fault. */
const explain = (error: unknown): string | undefined => {
  if (error instanceof ConfigError) return error.message;
  if (!(error instanceof Error && 'syscall' in error)) return;
  if (error.syscall !== 'listen' && error.syscall !== 'getaddrinfo') return;
  return `Can't take requests: ${error.message}. HOST and PORT name another place (jumpgraph sandbox: --host and --port).`;
};

/** Says what is wrong, where commander has not done so, and answers the exit code: 1 stands for a condition of `--fail-on` alone. */
const toExitCode = (error: unknown): number => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  const text = explain(error);
  if (text === undefined) throw error;
  console.error(text);
  return EXIT.usage;
};

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = toExitCode(error);
}
