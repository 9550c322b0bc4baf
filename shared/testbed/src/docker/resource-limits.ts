/** What a container that runs a submission's code may take of the machine. */
export interface ResourceLimits {
  readonly memoryBytes: number;
  readonly cpus: number;
  readonly processes: number;
  /** How much of its log the engine keeps. */
  readonly logBytes: number;
}

/** The limits, in the words of the engine's API. */
export function hostLimits({ memoryBytes, cpus, processes, logBytes }: ResourceLimits) {
  return {
    Memory: memoryBytes,
    // The same as the memory: no swap.
    MemorySwap: memoryBytes,
    NanoCpus: cpus * 1e9,
    PidsLimit: processes,
    LogConfig: {
      Type: "json-file",
      Config: { "max-size": String(logBytes), "max-file": "1" },
    },
  };
}
