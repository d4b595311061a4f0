import './workers.ts';
import 'graphiql/style.css';
import './page.css';
import { GraphiQL } from 'graphiql';
import { parse, print } from 'graphql';
import { createRoot } from 'react-dom/client';
import { createFetcher } from './fetcher.ts';
import type { EditorSettings } from './settings.ts';

/** The query editor. Headers are never kept in the browser: they hold tokens. */
const show = (settings: EditorSettings): void => {
  const { authorization, query } = settings;
  const headers = authorization ? JSON.stringify({ Authorization: authorization }, null, 2) : undefined;
  createRoot(document.querySelector('#editor') as HTMLElement).render(
    <GraphiQL
      fetcher={createFetcher(settings)}
      shouldPersistHeaders={false}
      {...(headers && { initialHeaders: headers, defaultHeaders: headers })}
      {...(query && { defaultQuery: print(parse(query)) })}
    />,
  );
};

show(await (await fetch('./settings.json')).json());
