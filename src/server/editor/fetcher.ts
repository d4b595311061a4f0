import type { EditorSettings } from './settings.ts';

/** Sends the editor's operations to the graph beside it; callers signed in to JumpServer by cookie get its CSRF header by themselves. */
export const createFetcher =
  ({ cookiePrefix }: EditorSettings) =>
  async (parameters: unknown, options: { headers?: Record<string, string> } = {}): Promise<unknown> => {
    const response = await fetch('../graphql', {
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        'graphql-require-preflight': '1',
        ...csrfHeader(cookiePrefix),
        ...options.headers,
      },
      body: JSON.stringify(parameters),
    });
    return response.json();
  };

const csrfHeader = (prefix: string): Record<string, string> => {
  const name = `${prefix}csrftoken=`;
  const pair = document.cookie.split('; ').find((each) => each.startsWith(name));
  return pair ? { 'x-csrftoken': pair.slice(name.length) } : {};
};
