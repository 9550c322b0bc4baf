import type {
  AppsV1Api,
  AuthorizationV1Api,
  BatchV1Api,
  CoreV1Api,
  DiscoveryV1Api,
  KubernetesObjectApi,
} from "@kubernetes/client-node";
import type { CommandResult, Files } from "../docker/tool-container.ts";

/** The clients of a cluster's API, as its administrator. */
export interface ClusterApis {
  readonly core: CoreV1Api;
  readonly apps: AppsV1Api;
  readonly authorization: AuthorizationV1Api;
  readonly batch: BatchV1Api;
  readonly discovery: DiscoveryV1Api;
  /** Objects of any kind. */
  readonly objects: KubernetesObjectApi;
}

/** What a namespace stands on. */
export interface Cluster {
  readonly apis: ClusterApis;
  /** Runs the node's own `kubectl`, as the cluster's administrator unless `--as` says otherwise; at most a minute. */
  kubectl(args: readonly string[]): Promise<CommandResult>;
  /** Kills the processes of a container of a pod, with SIGKILL. */
  killContainer(id: string): Promise<void>;
  /**
   * Puts files where `kubectl` can read them: whatever is in them, no shell sees it.
   * @returns the directory in the node
   */
  copyIn(name: string, files: Files): Promise<string>;
}
