import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** Headers that speak of the connection alone. */
const OFFERS = /^(upgrade|connection|http2-settings)$/i;

/** Whether a request wants to go on as WebSocket, and no other protocol. */
export const wantsWebSocket = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === 'websocket';

/**
 * Answers a request as if it had offered no other protocol (RFC 9110 §7.8): Java's client and `curl --http2` offer HTTP/2 with the first one.
 * Node hands all that offer anything to whoever takes WebSockets, head read and body not: so the head is written once more, without the offer.
 */
export const serveWithoutUpgrade = (server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void => {
  const { method, url, rawHeaders } = request;
  const kept = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 && !OFFERS.test(name) ? [`${name}: ${rawHeaders[index + 1]}`] : [],
  );
  const text = [`${method} ${url} HTTP/1.1`, ...kept, '', ''].join('\r\n');
  socket.unshift(Buffer.concat([Buffer.from(text, 'latin1'), head]));
  server.emit('connection', socket);
};
