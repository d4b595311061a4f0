import { SendMfaCodeDocument, SignInDocument, type SignInMutation, VerifyMfaDocument } from '../generated/documents.ts';
import type { Client } from './create-client.ts';
import { ClientError } from './errors.ts';

/** What a sign-in needs of its client. */
type SignInClient = Pick<Client, 'mutate' | 'setCredentials'>;

/** Who signs in. */
export interface SignInInput {
  readonly username: string;
  readonly password: string;
}

type Outcome = NonNullable<SignInMutation['login']>;
type Success = Extract<Outcome, { readonly __typename: 'LoginSuccess' }>;

/** How far a sign-in is: done, waiting for a code, or waiting for a reviewer. */
export type SignIn =
  | {
      readonly state: 'done';
      readonly token: string;
      readonly expiresAt: string | null;
      readonly user: Success['user'];
    }
  | {
      readonly state: 'mfa';
      /** What can be given, e.g. `otp`, `sms`. */
      readonly methods: readonly string[];
      /** Has a code sent by one of the methods that need it. */
      send(method: string): Promise<void>;
      /** Gives the code; the method may be left out when there is one. Throws `UNAUTHENTICATED` for a wrong code. */
      verify(code: string, method?: string): Promise<SignIn>;
    }
  | {
      readonly state: 'review';
      readonly isRefused: boolean;
      /** Looks whether the reviewer has decided. */
      again(): Promise<SignIn>;
    };

/** Signs in with user name and password, and says what is still missing. Throws a ClientError with `UNAUTHENTICATED` for wrong ones. */
export async function startSignIn(client: SignInClient, input: SignInInput, challenge?: string): Promise<SignIn> {
  const variables = { ...input, ...(challenge === undefined ? {} : { challenge }) };
  const { login } = await client.mutate(SignInDocument, variables);
  return toSignIn(client, input, login);
}

function toSignIn(client: SignInClient, input: SignInInput, outcome: Outcome | null): SignIn {
  switch (outcome?.__typename) {
    case 'LoginSuccess':
      client.setCredentials({ token: outcome.token });
      return { state: 'done', token: outcome.token, expiresAt: outcome.expiresAt, user: outcome.user };
    case 'MfaRequired':
      return toMfa(client, input, outcome.challenge, outcome.methods);
    case 'LoginReviewRequired':
      return {
        state: 'review',
        isRefused: outcome.state === 'REFUSED',
        again: () => startSignIn(client, input, outcome.challenge),
      };
    case undefined:
      throw new ClientError('The sign-in was not answered.', 200, []);
  }
}

function toMfa(client: SignInClient, input: SignInInput, challenge: string, methods: readonly string[]): SignIn {
  return {
    state: 'mfa',
    methods,
    send: async (type) => {
      const { sendMfaCode } = await client.mutate(SendMfaCodeDocument, { challenge, type });
      const [refusal] = sendMfaCode.userErrors;
      if (refusal)
        throw new ClientError(refusal.message, 200, [{ message: refusal.message, extensions: { code: refusal.code } }]);
    },
    verify: async (code, type = methods[0] ?? '') => {
      const { verifyMfa } = await client.mutate(VerifyMfaDocument, { challenge, type, code });
      return toSignIn(client, input, verifyMfa);
    },
  };
}
