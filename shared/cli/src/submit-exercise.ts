import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { OnrampError } from "@onramp/errors/onramp-error";
import type { Exercise } from "@onramp/exercise/load-exercise";
import { collect, type Submission } from "@onramp/submission/collect";
import { git, tryGit, withoutPasswords } from "./git.ts";
import { recordSubmission } from "./progress.ts";
import { workDirectory } from "./repository.ts";
import { findTeamRemote } from "./team-remote.ts";
import { ensureWorkRepository } from "./work-repository.ts";

/** What was submitted, and where a mentor finds it. */
export interface Submitted {
  readonly commit: string;
  readonly submission: Submission;
  readonly branch: string;
  /** What `git clone` takes: the team's remote, or the bundle's path. */
  readonly place: string;
  readonly kind: "remote" | "bundle";
}

/**
 * Commits the exercise's directory in the work repository and brings it to the team's remote, or into a bundle.
 * @throws {OnrampError} NOT_STARTED, NOTHING_TO_SUBMIT, SUBMISSION_INVALID, or SUBMIT_FAILED with Git's own words
 */
export async function submitExercise(exercise: Exercise, work = workDirectory): Promise<Submitted> {
  const directory = join(work, exercise.id);
  if (!existsSync(directory)) {
    throw new OnrampError("NOT_STARTED", `There is no ${directory}.`, {
      fix: `Run \`npx onramp start ${exercise.id}\` to get the starter.`,
    });
  }
  const submission = await collectWork(exercise, directory);
  await ensureWorkRepository(work);
  const commit = await commitWork(exercise, submission, work);
  const branch = `submit/${exercise.id}`;
  const remote = await findTeamRemote(work);
  const place = remote ?? (await writeBundle(exercise, commit, branch, work));
  if (remote !== undefined) await push(work, remote, commit, branch);
  await recordSubmission(exercise.id, commit, work);
  const kind = remote === undefined ? "bundle" : "remote";
  return { commit, submission, branch, kind, place: withoutPasswords(place) };
}

async function collectWork(exercise: Exercise, directory: string): Promise<Submission> {
  const submission = await collect(directory, exercise.manifest);
  if (submission.problems.length > 0) {
    const lines = submission.problems.map(({ detail }) => `  ${detail}`);
    throw new OnrampError(
      "SUBMISSION_INVALID",
      `${exercise.id} cannot be submitted as it is:\n${lines.join("\n")}`,
      { fix: `Mend what is listed, then run \`npx onramp submit ${exercise.id}\` again.` },
    );
  }
  const starter = await collect(join(exercise.directory, "starter"), exercise.manifest);
  if (submission.files.length === 0 || submission.digest === starter.digest) {
    const what = exercise.manifest.editable.join(", ");
    throw new OnrampError(
      "NOTHING_TO_SUBMIT",
      submission.files.length === 0
        ? `${directory} holds none of the files that ${exercise.id} takes: ${what}.`
        : `${directory} is as the starter left it; ${exercise.id} takes ${what}.`,
    );
  }
  return submission;
}

async function commitWork(
  exercise: Exercise,
  submission: Submission,
  work: string,
): Promise<string> {
  await git(work, ["add", "--all", "--", exercise.id]);
  // What is graded belongs into the commit, also where a .gitignore would leave it out.
  const graded = submission.files.map(({ path }) => `${exercise.id}/${path}\0`).join("");
  const fromInput = ["--pathspec-from-file=-", "--pathspec-file-nul"];
  await git(work, ["--literal-pathspecs", "add", "--force", ...fromInput], { input: graded });
  const changed = await tryGit(work, ["diff", "--cached", "--quiet", "--", exercise.id]);
  if (changed.exitCode !== 0)
    await git(work, ["commit", "--quiet", "-m", `Submit ${exercise.id}`, "--", exercise.id]);
  return git(work, ["rev-parse", "HEAD"]);
}

/** Replaces the branch with the work, unless it holds commits that did not come from this work directory. */
async function push(work: string, remote: string, commit: string, branch: string): Promise<void> {
  const ref = `refs/heads/${branch}`;
  const [there = ""] = (await git(work, ["ls-remote", remote, ref])).split("\t");
  if (there !== "" && (await tryGit(work, ["cat-file", "-e", there])).exitCode !== 0) {
    throw new OnrampError(
      "SUBMIT_FAILED",
      `The branch ${branch} of ${withoutPasswords(remote)} holds a commit that is not from this work directory (${there.slice(0, 7)}); it was left as it is.`,
      {
        fix: `Look at it with \`git fetch\`, or delete the branch if it is yours from another machine; then run \`npx onramp submit\` again.`,
      },
    );
  }
  const lease = `--force-with-lease=${ref}:${there}`;
  const result = await tryGit(work, ["push", lease, remote, `${commit}:${ref}`]);
  // Git's own words, also those of the server: where to open a merge request, or why it refused.
  process.stderr.write(withoutPasswords(result.stderr));
  if (result.exitCode !== 0) {
    throw new OnrampError("SUBMIT_FAILED", `Git could not push to ${withoutPasswords(remote)}.`);
  }
}

async function writeBundle(
  exercise: Exercise,
  commit: string,
  branch: string,
  work: string,
): Promise<string> {
  const directory = join(work, "submissions");
  await mkdir(directory, { recursive: true });
  const file = join(directory, `${exercise.id}-${commit.slice(0, 7)}.bundle`);
  await git(work, ["update-ref", `refs/heads/${branch}`, commit]);
  await git(work, ["bundle", "create", "--quiet", file, branch]);
  return file;
}
