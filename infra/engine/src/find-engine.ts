import { homedir, userInfo } from "node:os";
import { OnrampError } from "@onramp/errors/onramp-error";
import { engineLocations, type SearchSurroundings } from "./engine-locations.ts";
import type { Engine, EngineLocation } from "./engine.ts";
import { type Probe, probeEngine } from "./probe-engine.ts";

/** How long an engine may take to say who it is. */
const answerLimitMs = 2_000;

/** A search: the engine to use, and what stood at each place that was looked at. */
export interface EngineSearch {
  readonly engine: Engine | undefined;
  readonly places: readonly { readonly location: EngineLocation; readonly probe: Probe }[];
}

/** Looks at every place where an engine may be, side by side, and takes the first that answers. Answers within 2 s. */
export async function searchEngine(surroundings = surroundingsOfProcess()): Promise<EngineSearch> {
  const places = await Promise.all(
    engineLocations(surroundings).map(async (location) => ({
      location,
      probe: await probeEngine(location, answerLimitMs),
    })),
  );
  const answering = places.map(({ probe }) => probe).find((probe) => probe.status === "answers");
  return { engine: answering?.engine, places };
}

/**
 * The engine that Testcontainers and the docker CLI would use, or undefined where none answers.
 * @throws OnrampError ENGINE_FORBIDDEN when there is one that this user may not talk to.
 */
export async function findEngine(): Promise<Engine | undefined> {
  const search = await searchEngine();
  if (search.engine !== undefined) return search.engine;
  for (const { probe } of search.places) {
    if (probe.status === "forbidden")
      throw new OnrampError("ENGINE_FORBIDDEN", `The engine's socket ${probe.detail}.`);
  }
  return undefined;
}

function surroundingsOfProcess(): SearchSurroundings {
  return { env: process.env, platform: process.platform, home: homedir(), uid: userInfo().uid };
}
