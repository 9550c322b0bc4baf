import type { DiscoveryV1Api, V1EndpointSlice } from "@kubernetes/client-node";

const everyMs = 500;
const namespace = "default";

/** An address of those that documentation uses: nobody is asked to connect there. RFC 5737 */
function sliceWith(last: number): V1EndpointSlice {
  return {
    metadata: { name: "onramp-ticker", labels: { "kubernetes.io/service-name": "onramp-ticker" } },
    addressType: "IPv4",
    ports: [{ name: "none", port: 9 }],
    endpoints: [{ addresses: [`192.0.2.${last}`] }],
  };
}

/**
 * Changes an EndpointSlice that nobody uses again and again. A proxy that has been idle takes the next change at once;
 * one that has changes all the time takes them at the end of its period, as on a cluster where many teams work.
 */
export async function startTicker(discovery: DiscoveryV1Api): Promise<AsyncDisposable> {
  await discovery.createNamespacedEndpointSlice({ namespace, body: sliceWith(1) });
  let count = 0;
  const tick = async (): Promise<void> => {
    count += 1;
    const body = sliceWith(1 + (count % 2));
    await discovery.replaceNamespacedEndpointSlice({ name: "onramp-ticker", namespace, body });
  };
  // One that fails is the matter of those who look after the service.
  const timer = setInterval(() => void tick().catch(() => {}), everyMs);
  return { [Symbol.asyncDispose]: async () => clearInterval(timer) };
}
