import { fileURLToPath } from "node:url";

/** The kit's own directory: the repository's root, ending with a slash. */
export const repositoryRoot = fileURLToPath(new URL("../../../", import.meta.url));

/** Where exercises live. */
export const exercisesDirectory = `${repositoryRoot}exercises`;

/** Where the hire works: a Git repository of its own that the kit's repository ignores. ONRAMP_WORK moves it (tests use that). */
export const workDirectory = process.env["ONRAMP_WORK"] ?? `${repositoryRoot}work`;
