import type { CheckContext } from "@onramp/grading/check";
import { tripEvents } from "../trips/trip-event.ts";
import type { DeployedTripApi } from "./deployed-trip-api.ts";

/** What `POST /trips` says to a valid event, with this token or with none: a status. */
export async function postStatus(
  deployed: DeployedTripApi,
  { seed }: Pick<CheckContext, "seed">,
  token?: string,
): Promise<string> {
  const [event] = tripEvents(seed, "for the token", 1);
  const answer = await deployed.askUntilAnswered("/trips", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(event),
  });
  return String(answer.status);
}
