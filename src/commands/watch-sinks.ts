import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, createClient, Facility, Transport } from 'syslog-client';
import { badInput } from '../graph/errors.ts';
import type { Surroundings } from './surroundings.ts';
import { severityOf, toEcs, type WatchEvent } from './watch-event.ts';

/** Where events go. */
export interface Sink {
  /** Resolves once the event has been taken; rejects when it has not, and it will be sent again. */
  send(event: WatchEvent): Promise<void>;
  close(): void;
}

/** Where to send, as on the command line. */
export interface SinkOptions {
  readonly to: 'jsonl' | 'syslog' | 'webhook';
  /** `udp://host:514` or `tcp://host:601` for syslog, an https address for a webhook. */
  readonly address?: string | undefined;
  readonly organization: string;
}

/** Opens a sink. Throws `BAD_USER_INPUT` when its address makes no sense. */
export function openSink(options: SinkOptions, surroundings: Surroundings): Sink {
  switch (options.to) {
    case 'jsonl':
      return toLines(options, surroundings);
    case 'syslog':
      return toSyslog(options);
    case 'webhook':
      return toWebhook(options, surroundings);
  }
}

function toLines({ organization }: SinkOptions, { terminal }: Surroundings): Sink {
  return {
    send: (event) =>
      new Promise((resolve, reject) => {
        const line = `${JSON.stringify(toEcs(event, organization))}\n`;
        terminal.output.write(line, (error) => (error ? reject(error) : resolve()));
      }),
    close: () => undefined,
  };
}

/** RFC 5424, the document as the message. */
function toSyslog({ address, organization }: SinkOptions): Sink {
  const { protocol, hostname, port } = toAddress(address, ['udp:', 'tcp:'], 'udp://siem.example.com:514');
  const isTcp = protocol === 'tcp:';
  const client: Client = createClient(hostname, {
    transport: isTcp ? Transport.Tcp : Transport.Udp,
    port: Number(port || (isTcp ? 601 : 514)),
    rfc3164: false,
    appName: 'jumpgraph',
    facility: Facility.Audit,
  });
  const broken: { error?: Error } = {};
  client.on('error', (error: Error) => {
    broken.error = error;
  });
  return {
    send: (event) =>
      new Promise((resolve, reject) => {
        const options = { severity: severityOf(event), timestamp: new Date(event.at) };
        client.log(JSON.stringify(toEcs(event, organization)), options, (error) => (error ? reject(error) : resolve()));
      }),
    close: () => client.close(),
  };
}

/** Tries three times; what the receiver refuses for good (4xx) is an error at once. */
function toWebhook({ address, organization }: SinkOptions, { signal }: Surroundings): Sink {
  const url = toAddress(address, ['https:', 'http:'], 'https://hooks.example.com/jumpserver');
  const post = async (body: string, attempt: number): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(url, { method: 'POST', headers, body, signal }).catch((error: unknown) => {
      if (attempt >= 3) throw error;
      return undefined;
    });
    if (answer?.ok) return;
    if (answer && (attempt >= 3 || (answer.status >= 400 && answer.status < 500 && answer.status !== 429))) {
      throw new Error(`The webhook answered ${answer.status}`);
    }
    await sleep(attempt * 1000, undefined, { signal });
    await post(body, attempt + 1);
  };
  return { send: (event) => post(JSON.stringify(toEcs(event, organization)), 1), close: () => undefined };
}

function toAddress(address: string | undefined, protocols: readonly string[], example: string): URL {
  const url = address !== undefined && URL.canParse(address) ? new URL(address) : undefined;
  if (url && protocols.includes(url.protocol)) return url;
  throw badInput(`--address: expected an address such as ${example}, got ${JSON.stringify(address ?? '')}.`);
}
