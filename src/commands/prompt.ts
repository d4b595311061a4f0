import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Terminal } from './surroundings.ts';

/** Asks a person. Throws an `AbortError` when the signal ends the command. */
export interface Prompt {
  ask(question: string): Promise<string>;
  /** Asks for something that is not shown while it is typed. */
  askHidden(question: string): Promise<string>;
  close(): void;
}

/** Makes the prompt of a terminal; lines that are piped in are taken one after another. */
export function createPrompt({ input, messages }: Terminal, signal: AbortSignal): Prompt {
  const echo = { isOn: true };
  const shown = new Writable({
    write: (chunk, _encoding, done) => {
      if (echo.isOn) messages.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input, output: shown, terminal: input.isTTY === true, signal });
  const iterator = lines[Symbol.asyncIterator]();
  const read = async (question: string): Promise<string> => {
    messages.write(question);
    const { value, done } = await iterator.next();
    if (done) throw new Error('The input ended before everything was answered.');
    return String(value);
  };
  return {
    ask: read,
    askHidden: async (question) => {
      echo.isOn = false;
      try {
        return await read(question);
      } finally {
        echo.isOn = true;
        messages.write('\n');
      }
    },
    close: () => lines.close(),
  };
}
