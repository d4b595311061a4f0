import { csvAnswer, wantsCsv } from './csv.ts';
import type { Endpoint } from './front.ts';
import { type Gate, gated } from './gates.ts';
import { listAnswer } from './lists.ts';
import { optionsAnswer } from './metadata.ts';
import type { Resource } from './resource.ts';
import { createRouter, type Router } from './router.ts';
import { toSpan } from './rows.ts';
import type { SandboxVersion } from './types.ts';
import { isIn } from './versions.ts';
import { change, changeMany, create, destroy, destroyMany, detailAnswer, mustFind } from './writes.ts';

/** An endpoint that belongs to no resource. */
export interface Route extends Endpoint {
  method: string;
  /** Path from the root of the server. */
  path: string;
  since?: SandboxVersion;
  until?: SandboxVersion;
  /** Which servers serve it: the others refuse everybody. */
  gate?: Gate;
}

/** A route of the API: what one may do (`GET`, or several words) at a path below `/api/v1`, and with which permission. */
export function route(
  method: string,
  path: string,
  perm: string,
  run: Route['run'],
  span: Pick<Route, 'since' | 'until'> = {},
): Route {
  return { method, path: `/api/v1/${path}`, perm, run, ...span };
}

/** The path of a resource on a server version. */
export function pathOf(resource: Resource, version: SandboxVersion): string {
  return resource.paths?.[version] ?? resource.path;
}

/** The permission that a verb on a resource needs. */
function permissionOf(resource: Resource, verb: 'view' | 'add' | 'change' | 'delete'): string {
  const [app = '', model = ''] = resource.model.split('.');
  return resource.perms?.[verb] ?? `${app}.${verb}_${model}`;
}

function addResource(router: Router<Endpoint>, resource: Resource, version: SandboxVersion): void {
  const base = `/api/v1/${pathOf(resource, version)}`;
  const methods = resource.methods ?? 'LCRUDB';
  const put = (
    method: string,
    path: string,
    verb: 'view' | 'add' | 'change' | 'delete' | 'any',
    run: Endpoint['run'],
  ): void => {
    const perm = verb === 'any' ? 'any' : permissionOf(resource, verb);
    router.add(method, path, gated({ perm, run }, resource.gate));
  };
  for (const action of resource.actions ?? []) {
    if (!isIn(version, toSpan(action))) continue;
    const limit = action.path.endsWith('suggestions') ? { throttle: 'suggestion' as const } : {};
    for (const method of action.method.split(' ')) {
      const endpoint = { perm: action.perm, run: action.run, ...limit };
      router.add(method, `${base}/${action.path}`, gated(endpoint, resource.gate));
    }
  }
  if (methods.includes('L'))
    put('GET', base, 'view', (x) => (wantsCsv(x) ? csvAnswer(resource, x) : listAnswer(resource, x)));
  if (methods.includes('C')) put('POST', base, 'add', (x) => create(resource, x));
  if (methods.includes('B')) {
    put('PUT', base, 'change', (x) => changeMany(resource, x, false));
    put('PATCH', base, 'change', (x) => changeMany(resource, x, true));
    put('DELETE', base, 'delete', (x) => destroyMany(resource, x));
  } else if (methods.includes('X')) put('DELETE', base, 'delete', (x) => destroyMany(resource, x));
  if (resource.noOptions !== true) put('OPTIONS', base, 'any', (x) => optionsAnswer(resource, x));
  if (methods.includes('R')) put('GET', `${base}/:id`, 'view', (x) => detailAnswer(resource, x, mustFind(resource, x)));
  if (methods.includes('U')) {
    put('PUT', `${base}/:id`, 'change', (x) => change(resource, x, false));
    put('PATCH', `${base}/:id`, 'change', (x) => change(resource, x, true));
  }
  if (methods.includes('D')) put('DELETE', `${base}/:id`, 'delete', (x) => destroy(resource, x));
  if (resource.noOptions !== true) put('OPTIONS', `${base}/:id`, 'any', (x) => optionsAnswer(resource, x));
}

/** The router of a server version: every resource by the conventions, and the routes that follow none. */
export function createRoutes(
  version: SandboxVersion,
  resources: readonly Resource[],
  routes: readonly Route[],
): Router<Endpoint> {
  const router = createRouter<Endpoint>();
  for (const route of routes) {
    if (!isIn(version, toSpan(route))) continue;
    for (const method of route.method.split(' ')) router.add(method, route.path, gated(route, route.gate));
  }
  for (const resource of resources) {
    if (isIn(version, toSpan(resource))) addResource(router, resource, version);
  }
  return router;
}
