import { GenericContainer } from "testcontainers";

/** Helpers of the grader: their ports are published on loopback alone, so that no other machine reaches them. */
export class LoopbackContainer extends GenericContainer {
  protected override async beforeContainerCreated(): Promise<void> {
    const bindings = this.hostConfig.PortBindings as
      | Record<string, { HostIp?: string; HostPort?: string }[]>
      | undefined;
    for (const binding of Object.values(bindings ?? {}).flat()) binding.HostIp = "127.0.0.1";
  }
}
