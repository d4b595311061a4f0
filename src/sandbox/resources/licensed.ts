import { forbidden } from '../errors.ts';
import type { Action, Resource } from '../resource.ts';
import type { SandboxVersion } from '../types.ts';

const refuse = (): never => {
  throw forbidden();
};

const everyWay = (path: string): Action => ({
  method: 'GET POST PUT PATCH DELETE OPTIONS',
  path,
  perm: 'any',
  run: refuse,
});

/** A resource that a Community server refuses to everyone, its metadata included (api.md §1.7). */
export function licensed(path: string, since: SandboxVersion): Resource {
  return {
    table: 'licensed',
    path,
    noun: 'License',
    model: 'xpack.license',
    scope: 'global',
    methods: '',
    noOptions: true,
    order: [],
    fields: [],
    since,
    actions: [everyWay(''), everyWay(':id')],
  };
}
