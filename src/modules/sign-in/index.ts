import { type Row, typeOf } from '../../graph/row.ts';
import type { Resolvers } from '../../graph/served.ts';
import { confirm } from './confirm.ts';
import { login, sendMfaCode, verifyMfa } from './login.ts';
import { signedInUser } from './signed-in.ts';

/** Signing in, and proving it again. */
export const signIn = {
  Mutation: { login, sendMfaCode, verifyMfa, confirm },
  LoginResult: { __resolveType: (row: Row) => typeOf(row) },
  LoginSuccess: { user: signedInUser },
} satisfies Resolvers;
