export { type Client, createClient, type Document, type RequestOptions } from './create-client.ts';
export { type AnswerError, ClientError } from './errors.ts';
export type { ClientOptions, Credentials } from './options.ts';
export type { Page } from './pages.ts';
export type { Answer } from './request.ts';
export type { SignIn, SignInInput } from './sign-in.ts';
