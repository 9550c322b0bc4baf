import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { digestExercise, type Exercise, filesBelow } from "@onramp/exercise/load-exercise";
import { z } from "zod";
import { repositoryRoot } from "../repository.ts";
import { writeOutput } from "../write-output.ts";
import type { MatrixEntry } from "./matrix.ts";
import { verifiedSubmission, type VerifiedSubmission } from "./verify-report.ts";

/** What an interrupted run has verified already, by the digest of exercise and submission; the kit itself has to be the same. */
export interface Resume {
  known(entry: MatrixEntry): Promise<VerifiedSubmission | undefined>;
  keep(entry: MatrixEntry, submission: VerifiedSubmission): Promise<void>;
}

const stateFile = z.record(z.string(), verifiedSubmission);

/**
 * Keeps the state of a run in `.results/`, and with `isResumed` goes on from what the last one left.
 * What was not right is verified again.
 * @param mode what else the outcome depends on, such as "full"
 */
export async function openResume(
  exercise: Exercise,
  mode: string,
  isResumed: boolean,
): Promise<Resume> {
  const file = join(repositoryRoot, ".results", `verify-${exercise.id}.json`);
  const text = isResumed ? await readFile(file, "utf8").catch(() => "{}") : "{}";
  const state = { ...stateFile.safeParse(JSON.parse(text)).data };
  const digest = await digestExercise(exercise);
  const keyOf = async (entry: MatrixEntry): Promise<string> => {
    const hash = createHash("sha256").update(
      JSON.stringify([digest, mode, entry.kind, entry.name, entry.fails, entry.says, entry.only]),
    );
    for (const layer of entry.layers) {
      for (const path of await filesBelow(layer))
        hash.update(path).update(await readFile(join(layer, path)));
    }
    return hash.digest("hex");
  };
  return {
    async known(entry) {
      const kept = state[await keyOf(entry)];
      return kept?.ok ? kept : undefined;
    },
    async keep(entry, submission) {
      state[await keyOf(entry)] = submission;
      await writeOutput(file, JSON.stringify(state));
    },
  };
}
