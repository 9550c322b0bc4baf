import { KubeConfig, type RequestContext } from "@kubernetes/client-node";

/**
 * A configuration whose clients keep their connections. `KubeConfig` itself makes a new dispatcher for each request, and
 * with it a new TLS connection: half of what a wait costs, here and in the API server.
 */
export class SteadyKubeConfig extends KubeConfig {
  #dispatcher: ReturnType<RequestContext["getDispatcher"]>;

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context);
    this.#dispatcher ??= context.getDispatcher();
    if (this.#dispatcher !== undefined) context.setDispatcher(this.#dispatcher);
  }
}
