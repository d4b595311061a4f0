import type { Config } from '../config.ts';
import { takeConfig } from '../config.ts';
import { toGraphQLError } from '../graph/errors.ts';
import { NotSignedInError } from './open-session.ts';
import { type CommandSource, EXIT, type Surroundings } from './surroundings.ts';

/** What the program gives the commands. */
export interface CommandParts {
  /** The JumpServer of the configuration, or the embedded sandbox. */
  openSource(config: Config): Promise<CommandSource>;
}

/** Options that every command has. */
export interface Common {
  readonly organization?: string;
  readonly credentials: string;
}

/** Somebody asked for something that makes no sense. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The action of a command: its surroundings before, its exit code after. Arguments come before the options, as commander gives them. */
export function act<Options extends Common>(
  parts: CommandParts,
  run: (options: Options, surroundings: Surroundings, ...words: string[]) => Promise<number>,
) {
  return async (...given: unknown[]): Promise<void> => {
    const words = given.slice(0, -2).map(String);
    const options = given.at(-2) as Options;
    const stopping = new AbortController();
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort());
    // Whoever read the output has gone (`| head`): there is nobody left to tell.
    process.stdout.once('error', () => process.exit(EXIT.failed));
    const config = takeConfig();
    const terminal = { input: process.stdin, output: process.stdout, messages: process.stderr };
    try {
      const source = await parts.openSource(config);
      const { credentials: credentialsFile } = options;
      const surroundings = { config, source, terminal, now: Date.now, signal: stopping.signal, credentialsFile };
      process.exitCode = await run(options, surroundings, ...words);
    } catch (error) {
      const { text, exitCode } = toFailure(error);
      terminal.messages.write(`${text}\n`);
      process.exitCode = exitCode;
    }
  };
}

/** What is said of an error, and with which code the program ends. An unknown one is told whole: there is no log to look into. */
export function toFailure(error: unknown): { readonly text: string; readonly exitCode: number } {
  if (error instanceof UsageError || error instanceof NotSignedInError) {
    return { text: error.message, exitCode: EXIT.usage };
  }
  const { message, extensions } = toGraphQLError(error);
  if (extensions['code'] === 'BAD_USER_INPUT') return { text: message, exitCode: EXIT.usage };
  const hint = extensions['code'] === 'UPSTREAM_UNAVAILABLE' ? ' Check JUMPSERVER_URL.' : '';
  if (extensions['code'] !== undefined) return { text: `${message}${hint}`, exitCode: EXIT.failed };
  return { text: error instanceof Error ? error.message : String(error), exitCode: EXIT.failed };
}
