/**
 * Every error code, whose fault it stands for, the exit code it ends a command with, what it means and what to do.
 * `docs/reference/errors.md` is generated from this table.
 */
export const codes = {
  USAGE: code(
    "user",
    2,
    "A command was typed in a way that it does not understand.",
    "Run `npx onramp --help` for the commands and their options.",
  ),
  EXERCISE_UNKNOWN: code(
    "user",
    2,
    "There is no exercise of that name.",
    "Run `npx onramp status` for the exercises there are.",
  ),
  CHECK_UNKNOWN: code(
    "user",
    2,
    "The exercise has no check of that id.",
    "Look at the ids under `checks:` in the exercise's `exercise.yaml`.",
  ),
  NOT_STARTED: code(
    "user",
    2,
    "The exercise has no work directory yet.",
    "Run `npx onramp start ID` to get the starter.",
  ),
  NOTHING_TO_SUBMIT: code(
    "user",
    2,
    "The work directory holds none of the files that are taken.",
    "Write the files that the brief asks for, then run `npx onramp submit` again.",
  ),
  SUBMIT_FAILED: code(
    "user",
    3,
    "Git could not store or send the work.",
    "Read Git's own message above and run `npx onramp submit` again when it is mended.",
  ),
  MANIFEST_INVALID: code(
    "author",
    2,
    "A manifest (`exercise.yaml`, `mutant.yaml`, `variant.yaml` or the image catalogue) breaks its schema.",
    "Mend the file that the message names; `docs/reference/exercise-yaml.md` has every key.",
  ),
  LAYOUT_INVALID: code(
    "author",
    2,
    "An exercise's directory is not laid out as the kit expects.",
    "Compare with `CONTRIBUTING.md`, or scaffold a new one with `npx onramp new`.",
  ),
  SUBMISSION_INVALID: code(
    "submission",
    4,
    "The submission holds what cannot be taken: a link, a device, a directory in a file's place, or more than the limits allow.",
    "Mend what the message lists and grade again.",
  ),
  ENGINE_UNAVAILABLE: code(
    "ours",
    3,
    "No container engine answers on this machine.",
    "Run `npx onramp doctor --fix`.",
  ),
  ENGINE_FORBIDDEN: code(
    "ours",
    3,
    "There is a container engine, but this user may not talk to it.",
    "Add yourself to the group that owns the socket (`sudo usermod -aG docker $USER`, then log in again).",
  ),
  ENGINE_DIED: code(
    "ours",
    3,
    "The container engine stopped answering in the middle of the work.",
    "Run `npx onramp doctor --fix`, then grade again.",
  ),
  DOCKER_CLI_MISSING: code(
    "ours",
    3,
    "No `docker` command that can build with BuildKit was found.",
    "Install the Docker CLI with buildx, then run `npx onramp doctor`.",
  ),
  IMAGE_UNAVAILABLE: code(
    "ours",
    3,
    "An image is neither on this machine nor to be had from a registry.",
    "Run `npx onramp images` for those that are here.",
  ),
  IMAGE_BUILD_FAILED: code(
    "ours",
    3,
    "The recipe of an image did not build.",
    "Run `npx onramp images build NAME` and read its output.",
  ),
  IMAGE_CONSENT: code(
    "ours",
    3,
    "Images would have to be built under public names on an engine that is not the kit's own.",
    "Set ONRAMP_IMAGES=build to agree, or pull the images from a registry.",
  ),
  REGISTRY_UNREACHABLE: code(
    "ours",
    3,
    "A package registry did not answer, so a build could not be judged.",
    "Check the network or the proxy with `npx onramp doctor`, then grade again.",
  ),
  SERVICE_DIED: code(
    "ours",
    3,
    "A service of the testbed (Kafka, PostgreSQL) died or did not answer, so a check could not be judged.",
    "Grade again; if it happens twice, look at the machine with `npx onramp doctor` and report it with the JSON report.",
  ),
  SERVICE_SLOW: code(
    "ours",
    3,
    "A service of the testbed took longer than the brief says it may, so a check could not be judged.",
    "Close what else keeps the machine busy, then grade again.",
  ),
  SUBMISSION_BROKE_SERVICE: code(
    "submission",
    1,
    "A service of the testbed died under the submission twice, and lived under the reference answer.",
    "Look at what the program sends to the service: its size, its number, its format.",
  ),
  DISK_FULL: code(
    "ours",
    3,
    "The disk is full.",
    "Free some space (`npx onramp clean --images` helps), then try again.",
  ),
  REPORT_NOT_WRITTEN: code(
    "ours",
    3,
    "A report or progress file could not be written.",
    "Check the path and the free space, then run the command again.",
  ),
  GRADER_BUG: code(
    "ours",
    3,
    "The grader itself broke; the submission was not judged.",
    "Report it to the authors with the JSON report (`--json FILE`).",
  ),
  GRADER_DIED: code(
    "ours",
    3,
    "The grader's process ended before it had judged everything.",
    "Grade again; if it happens twice, report it with the JSON report.",
  ),
  TOOL_MISSING: code(
    "ours",
    3,
    "A program that the command needs is not installed.",
    "Install the program that the message names.",
  ),
} as const satisfies Record<string, ErrorCodeEntry>;

/** Whose fault an error is: the person's at the keyboard, an author's, the submission's, or the kit's and its machine's. */
export type Fault = "user" | "author" | "submission" | "ours";

export interface ErrorCodeEntry {
  readonly fault: Fault;
  readonly exitCode: 1 | 2 | 3 | 4;
  readonly meaning: string;
  readonly fix: string;
}

export type ErrorCode = keyof typeof codes;

function code(
  fault: Fault,
  exitCode: ErrorCodeEntry["exitCode"],
  meaning: string,
  fix: string,
): ErrorCodeEntry {
  return { fault, exitCode, meaning, fix };
}
