import { type DestinationStream, type Logger, pino } from 'pino';

/** Bytes and milliseconds after which lines are written: a system call for each line would be a seventh of a small operation. */
const BUFFER = { minLength: 4096, periodicFlush: 500 } as const;

/** Standard output, written several lines at a time and when the process ends; `flush()` of the logger writes at once. */
export const createBufferedOutput = (): DestinationStream => {
  const output = pino.destination({ fd: 1, sync: false, ...BUFFER });
  // Called at exit. Its own repeats a failed write for ever, so that a process whose reader has gone would never end.
  output.flushSync = () => {
    Object.assign(output, { sync: true });
    output.flush();
  };
  return output;
};

/** The log: JSON lines with ECS field names on standard output. Nothing logged may hold a header, a variable or an answer. */
export const createLogger = (level: string, destination?: DestinationStream): Logger =>
  pino(
    {
      level,
      base: { 'service.name': 'jumpgraph' },
      messageKey: 'message',
      timestamp: () => `,"@timestamp":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ 'log.level': label }) },
      serializers: { error: toErrorFields, err: toErrorFields, req: () => undefined, res: () => undefined },
    },
    ...(destination ? [destination] : []),
  );

/** What of an error may be logged: its name, message, stack and those of its causes; never its other properties. */
const toErrorFields = (error: unknown): Record<string, unknown> => {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an error object was thrown' };
  const { name: type, message, stack: stack_trace, cause } = error;
  return { type, message, stack_trace, ...(cause === undefined ? {} : { cause: toErrorFields(cause) }) };
};
