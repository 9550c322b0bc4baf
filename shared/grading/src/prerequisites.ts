import { OnrampError } from "@onramp/errors/onramp-error";
import type { CheckDeclaration } from "@onramp/exercise/manifest";

/**
 * The named checks with those that they come after, in the manifest's order; all of them when none is named.
 * @param isAlone leave out those that they come after
 * @throws {OnrampError} CHECK_UNKNOWN
 */
export function withPrerequisites(
  declared: readonly CheckDeclaration[],
  only: readonly string[] | undefined,
  isAlone = false,
): CheckDeclaration[] {
  if (only === undefined || only.length === 0) return [...declared];
  const wanted = new Set<string>();
  const want = (id: string): void => {
    const check = declared.find((candidate) => candidate.id === id);
    if (check === undefined) {
      const ids = declared.map((candidate) => candidate.id).join(", ");
      throw new OnrampError("CHECK_UNKNOWN", `There is no check \`${id}\`.`, {
        fix: `The checks are: ${ids}.`,
      });
    }
    if (wanted.has(id)) return;
    wanted.add(id);
    if (!isAlone) check.after.forEach(want);
  };
  only.forEach(want);
  return declared.filter(({ id }) => wanted.has(id));
}
