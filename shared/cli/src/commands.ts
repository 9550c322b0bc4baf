import type { CommandDefinition } from "./command.ts";

/**
 * Every command in the order of the help. Only the one that was typed is loaded, so that `onramp status`
 * does not pay for the packages that `onramp grade` needs.
 */
export const commands: Readonly<Record<string, () => Promise<{ default: CommandDefinition }>>> = {
  start: () => import("./commands/start.ts"),
  grade: () => import("./commands/grade.ts"),
  hint: () => import("./commands/hint.ts"),
  status: () => import("./commands/status.ts"),
  up: () => import("./commands/up.ts"),
  down: () => import("./commands/down.ts"),
  submit: () => import("./commands/submit.ts"),
  reset: () => import("./commands/reset.ts"),
  doctor: () => import("./commands/doctor.ts"),
  clean: () => import("./commands/clean.ts"),
  review: () => import("./commands/review.ts"),
  score: () => import("./commands/score.ts"),
  verify: () => import("./commands/verify.ts"),
  new: () => import("./commands/new.ts"),
  images: () => import("./commands/images.ts"),
  engine: () => import("./commands/engine.ts"),
};
