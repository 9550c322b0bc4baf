import { GenericContainer } from "testcontainers";

/** Helpers of the grader: their ports are published on loopback alone, so that no other machine reaches them. */
export class LoopbackContainer extends GenericContainer {
  protected override async beforeContainerCreated(): Promise<void> {
    publishOnLoopback(this.hostConfig.PortBindings);
  }
}

/** Sets the address of every published port to 127.0.0.1. */
export function publishOnLoopback(portBindings: unknown): void {
  const bindings = (portBindings ?? {}) as Record<string, { HostIp?: string }[]>;
  for (const binding of Object.values(bindings).flat()) binding.HostIp = "127.0.0.1";
}
