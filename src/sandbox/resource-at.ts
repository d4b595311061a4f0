import type { Exchange } from './exchange.ts';
import type { Resource } from './resource.ts';

/** The resource with a path, for actions that stand in a module of their own. */
export function resourceAt(x: Exchange, path: string): Resource {
  const found = x.world.resources.find((one) => one.path === path);
  if (found === undefined) throw new Error(`no resource at ${path}`);
  return found;
}

/** The resource that the request's path begins with; the one at `otherwise` when there is none. */
export function askedResource(x: Exchange, otherwise: string): Resource {
  const found = x.world.resources.find((one) => x.url.pathname.startsWith(`/api/v1/${one.path}/`));
  return found ?? resourceAt(x, otherwise);
}
