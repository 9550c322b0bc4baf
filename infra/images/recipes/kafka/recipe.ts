import type { PrepareRecipe } from "../../src/recipe.ts";

/** Names the Maven repository that the jars come from. The lock's digests hold, whichever it is. */
export const prepareKafka: PrepareRecipe = async ({ host, buildArguments }) => {
  buildArguments.set("MAVEN_MIRROR", host.mavenMirror);
  return await Promise.resolve();
};
