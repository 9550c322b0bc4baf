/** What of package-lock.json matters here. */
interface Lock {
  readonly name: string;
  readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
}

/** npm's own packages come with the base image. */
const npmItself = /(^|\/)lib\/node_modules\/(npm|corepack)\//;

/**
 * Paths of an image that are not needed to run the compiled service: dev dependencies of the lock, TypeScript sources,
 * test files. What lies in node_modules is judged by the lock alone, since packages ship sources of their own.
 */
export function unwantedPaths(
  paths: ReadonlySet<string>,
  lock: Lock,
  testNames: readonly string[],
): string[] {
  const development = developmentOnly(lock);
  const packages = new Set<string>();
  const files: string[] = [];
  for (const path of paths) {
    if (npmItself.test(path)) continue;
    const inside = path.lastIndexOf("node_modules/");
    if (inside !== -1) {
      const name = packageName(path.slice(inside + "node_modules/".length));
      if (development.has(name))
        packages.add(`/${path.slice(0, inside)}node_modules/${name} (a dev dependency)`);
      // The service's own name there is the service, packed whole.
      if (name !== lock.name) continue;
    }
    const elsewhere = /^(?:.*\/)?((?:@[^/]+\/)?[^/]+)\/package\.json$/.exec(path)?.[1];
    if (inside === -1 && elsewhere !== undefined && development.has(elsewhere)) {
      packages.add(`/${path.slice(0, -"/package.json".length)} (a dev dependency)`);
    } else if (/\.[mc]?ts$/.test(path) && !/\.d\.[mc]?ts$/.test(path)) {
      files.push(`/${path} (a TypeScript source)`);
    } else if (
      testNames.some((name) => new RegExp(`/${RegExp.escape(name)}\\.[mc]?js$`).test(path))
    ) {
      files.push(`/${path} (a test)`);
    }
  }
  return [...packages, ...files].toSorted();
}

/** Names of packages that the lock has for development alone. */
function developmentOnly({ packages }: Lock): Set<string> {
  const names = Object.entries(packages).map(([path, { dev = false }]) => {
    return { name: path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length), dev };
  });
  const needed = new Set(names.filter(({ dev }) => !dev).map(({ name }) => name));
  return new Set(names.filter(({ dev, name }) => dev && !needed.has(name)).map(({ name }) => name));
}

function packageName(path: string): string {
  return path.split("/", path.startsWith("@") ? 2 : 1).join("/");
}
