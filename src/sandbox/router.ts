/** A node of the tree of paths: fixed words first, then a variable. */
interface Branch<T> {
  words: Map<string, Branch<T>>;
  variable: Branch<T> | null;
  leaf: Map<string, { value: T; names: string[] }> | null;
}

/** What stands at a path: values by method, with the path's variables. */
export interface Found<T> {
  methods: string[];
  value: T | undefined;
  params: Record<string, string>;
}

/** Finds handlers by method and path. A fixed word wins over a variable. */
export interface Router<T> {
  add(method: string, path: string, value: T): void;
  find(method: string, path: string): Found<T> | null;
}

const segmentsOf = (path: string): string[] => path.split('/').filter((part) => part !== '');

/** Makes an empty router; paths are written `users/:id/groups`. */
export function createRouter<T>(): Router<T> {
  const root: Branch<T> = { words: new Map(), variable: null, leaf: null };
  const search = (
    branch: Branch<T>,
    parts: readonly string[],
    at: number,
    values: string[],
  ): [Branch<T>, string[]] | null => {
    const part = parts[at];
    if (part === undefined) return branch.leaf === null ? null : [branch, values];
    const word = branch.words.get(part);
    const straight = word === undefined ? null : search(word, parts, at + 1, values);
    if (straight !== null) return straight;
    return branch.variable === null ? null : search(branch.variable, parts, at + 1, [...values, part]);
  };
  return {
    add: (method, path, value) => {
      let branch = root;
      const names: string[] = [];
      for (const part of segmentsOf(path)) {
        let next = part.startsWith(':') ? branch.variable : branch.words.get(part);
        if (next === undefined || next === null) {
          next = { words: new Map(), variable: null, leaf: null };
          if (part.startsWith(':')) branch.variable = next;
          else branch.words.set(part, next);
        }
        if (part.startsWith(':')) names.push(part.slice(1));
        branch = next;
      }
      branch.leaf ??= new Map();
      if (!branch.leaf.has(method)) branch.leaf.set(method, { value, names });
    },
    find: (method, path) => {
      const found = search(root, segmentsOf(path), 0, []);
      if (found === null) return null;
      const leaf = found[0].leaf;
      if (leaf === null) return null;
      const hit = leaf.get(method);
      const names = (hit ?? [...leaf.values()][0])?.names ?? [];
      const params: Record<string, string> = {};
      names.forEach((name, i) => {
        params[name] = decodeURIComponent(found[1][i] ?? '');
      });
      return { methods: [...leaf.keys()], value: hit?.value, params };
    },
  };
}
