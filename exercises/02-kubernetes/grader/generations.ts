/** Kinds whose status nobody writes: their resource version moves when they are changed, and only then. */
const withoutStatus = new Set(["ConfigMap", "Secret", "Service", "ServiceAccount"]);
/** What controllers make and change by themselves. */
const made = new Set(["Pod", "ReplicaSet", "ControllerRevision"]);

interface Listed {
  readonly items: readonly {
    readonly kind: string;
    readonly metadata: {
      readonly name: string;
      readonly generation?: number;
      readonly resourceVersion: string;
    };
    readonly spec?: unknown;
  }[];
}

/** The state of each object that a person applies, from a list of kubectl's, as text that changes when it is changed. */
export function parseGenerations(json: string): Map<string, string> {
  const { items } = JSON.parse(json) as Listed;
  return new Map(
    items
      .filter(({ kind }) => !made.has(kind))
      .map(({ kind, metadata, spec }) => [
        `${kind} ${metadata.name}`,
        metadata.generation !== undefined
          ? `generation ${metadata.generation}`
          : withoutStatus.has(kind)
            ? `version ${metadata.resourceVersion}`
            : JSON.stringify(spec),
      ]),
  );
}
