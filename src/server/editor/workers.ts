/** Language services run in workers; esbuild bundles each into its own file beside the page. */
const files: Readonly<Record<string, string>> = { json: 'json.worker.js', graphql: 'graphql.worker.js' };

Object.assign(globalThis, {
  MonacoEnvironment: {
    getWorker: (_id: string, label: string) => new Worker(new URL(files[label] ?? 'editor.worker.js', import.meta.url)),
  },
});
