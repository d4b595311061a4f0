import { setTimeout as sleep } from 'node:timers/promises';
import { graphql } from 'graphql';
import { toGraphQLError } from '../graph/errors.ts';
import { createGraph } from '../server/create-graph.ts';
import type { Graph } from '../server/graph.ts';
import { createLogger } from '../server/logger.ts';
import { forgetLogin, writeLogin } from './credentials.ts';
import { createPrompt, type Prompt } from './prompt.ts';
import { EXIT, type Surroundings } from './surroundings.ts';

/** What `jumpgraph login` is asked; what is missing is asked of the person. */
export interface LoginCommand {
  readonly username?: string | undefined;
  /** Milliseconds between two looks at a sign-in under review. */
  readonly reviewInterval?: number;
}

type Result =
  | {
      readonly __typename: 'LoginSuccess';
      readonly token: string;
      readonly expiresAt: string;
      readonly user: { readonly username: string };
    }
  | { readonly __typename: 'MfaRequired'; readonly challenge: string; readonly methods: readonly string[] }
  | { readonly __typename: 'LoginReviewRequired'; readonly challenge: string; readonly state: string };

const RESULT = `__typename ... on LoginSuccess { token expiresAt user { username } } ... on MfaRequired { challenge methods }
  ... on LoginReviewRequired { challenge state }`;
const LOGIN = `mutation($input: LoginInput!) { login(input: $input) { ${RESULT} } }`;
const VERIFY = `mutation($input: VerifyMfaInput!) { verifyMfa(input: $input) { ${RESULT} } }`;
const SEND = 'mutation($input: SendMfaCodeInput!) { sendMfaCode(input: $input) { success userErrors { message } } }';

/** Methods whose code has to be sent first. */
const SENT = new Set(['sms', 'email']);

/**
 * Signs the operator in, with a second factor and through a review where JumpServer asks for them, and keeps the token with mode 0600.
 * It goes through the graph, as any other client would.
 */
export async function runLogin(command: LoginCommand, surroundings: Surroundings): Promise<number> {
  const { source, terminal, signal, credentialsFile } = surroundings;
  const graph = await createGraph(surroundings.config, source, createLogger('silent'));
  const prompt = createPrompt(terminal, signal);
  try {
    const username = command.username ?? (await prompt.ask(`User name at ${source.url}: `));
    const password = await prompt.askHidden('Password: ');
    const ask = createAsk(graph, surroundings);
    const send = (challenge?: string) => ask(LOGIN, { username, password, ...(challenge ? { challenge } : {}) });
    let result = await send();
    while (result.__typename !== 'LoginSuccess') {
      result =
        result.__typename === 'MfaRequired'
          ? await giveCode(result, ask, prompt, terminal.messages)
          : await awaitReview(result, send, command.reviewInterval ?? 5000, surroundings);
    }
    const { token, expiresAt, user } = result;
    await writeLogin(credentialsFile, source.url, { username: user.username, token, expiresAt });
    terminal.messages.write(
      `Signed in as ${user.username} until ${expiresAt}; the token is kept in ${credentialsFile}\n`,
    );
    return EXIT.done;
  } finally {
    prompt.close();
    await graph.close?.();
  }
}

/** Forgets the token of this JumpServer. */
export async function runLogout({ source, terminal, credentialsFile }: Surroundings): Promise<number> {
  const wasThere = await forgetLogin(credentialsFile, source.url);
  terminal.messages.write(wasThere ? `Signed out of ${source.url}\n` : `Nobody was signed in at ${source.url}\n`);
  return EXIT.done;
}

type Ask = (document: string, input: object) => Promise<Result>;

/** Runs one mutation of the sign-in; an error is thrown as the client would see it. */
function createAsk(graph: Graph, { signal, now }: Surroundings): Ask {
  return async (source, input) => {
    const caller = { credentials: {}, organization: undefined, language: undefined, address: '127.0.0.1' };
    const context = await graph.createContext({
      caller,
      requestId: 'login',
      signal,
      deadline: now() + 60_000,
      logger: createLogger('silent'),
    });
    const { data, errors } = await graphql({
      schema: graph.schema,
      source,
      contextValue: context,
      variableValues: { input },
    });
    if (errors?.[0]) throw toGraphQLError(errors[0]);
    return Object.values(data ?? {})[0] as Result;
  };
}

async function giveCode(
  { challenge, methods }: Extract<Result, { __typename: 'MfaRequired' }>,
  ask: Ask,
  prompt: Prompt,
  messages: NodeJS.WritableStream,
): Promise<Result> {
  const [only, ...others] = methods;
  const type = others.length === 0 && only ? only : await prompt.ask(`Second factor (${methods.join(', ')}): `);
  if (SENT.has(type)) {
    await ask(SEND, { challenge, type });
    messages.write(`A code was sent by ${type}.\n`);
  }
  return ask(VERIFY, { challenge, type, code: await prompt.askHidden('Code: ') });
}

async function awaitReview(
  { challenge, state }: Extract<Result, { __typename: 'LoginReviewRequired' }>,
  send: (challenge: string) => Promise<Result>,
  interval: number,
  { terminal, signal }: Surroundings,
): Promise<Result> {
  if (state !== 'PENDING') throw new Error('The reviewer did not let this sign-in through.');
  terminal.messages.write('Waiting for a reviewer to let this sign-in through …\n');
  await sleep(interval, undefined, { signal });
  return send(challenge);
}
