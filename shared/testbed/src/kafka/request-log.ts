/** A request to write, as the broker's own log tells it. */
export interface ProduceRequest {
  readonly clientId: string;
  readonly topics: readonly string[];
  /** -1: every replica that is in sync; 1: the leader; 0: nobody. */
  readonly acks: number;
}

/** The requests to write that a broker's request log holds; lines of other kinds are passed over. */
export function produceRequests(log: string): ProduceRequest[] {
  return log.split("\n").flatMap((line) => {
    if (!line.includes('"requestApiKeyName":"PRODUCE"')) return [];
    const [json = ""] = /\{.*\}/.exec(line) ?? [];
    const { request, requestHeader } = JSON.parse(json) as {
      request: { acks: number; topicData: { name?: string }[] };
      requestHeader: { clientId: string | null };
    };
    return [
      {
        clientId: requestHeader.clientId ?? "",
        topics: request.topicData.map(({ name = "" }) => name),
        acks: request.acks,
      },
    ];
  });
}
