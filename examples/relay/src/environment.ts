import { Environment, type FetchFunction, Network, RecordSource, Store } from 'relay-runtime';

/** Relay's environment over a running graph; `headers` say who asks. */
export function createEnvironment(url: string, headers: Readonly<Record<string, string>>): Environment {
  const ask: FetchFunction = async ({ text }, variables) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query: text, variables }),
    });
    return response.json();
  };
  return new Environment({ network: Network.create(ask), store: new Store(new RecordSource()) });
}
