import { styleText } from "node:util";
import { messageOf } from "@onramp/errors/onramp-error";
import { engineExaminations } from "./engine-examinations.ts";
import type { Examination, Finding } from "./finding.ts";
import { machineExaminations } from "./machine-examinations.ts";

const signs = { ok: ["green", "✓"], warning: ["yellow", "!"], problem: ["red", "✗"] } as const;

/**
 * Looks at everything that a grading needs, a line for each, and mends what it can when asked to.
 * @returns the exit code: 3 when grading is not possible
 */
export async function runDoctor(isFixing: boolean, signal: AbortSignal): Promise<number> {
  const findings: Finding[] = [];
  for (const examination of [...engineExaminations, ...machineExaminations]) {
    const finding = await examine(examination, isFixing, signal);
    findings.push(finding);
    process.stdout.write(`${lineOf(examination.name, finding)}\n`);
  }
  const has = (level: Finding["level"]) => findings.some((finding) => finding.level === level);
  const isMendable = !isFixing && findings.some(({ mend }) => mend !== undefined);
  const last = has("problem")
    ? `Grading is not possible here yet.${isMendable ? " `npx onramp doctor --fix` mends what it can." : ""}`
    : "Grading is possible here. Next: npx onramp start";
  process.stdout.write(`\n${last}\n`);
  return has("problem") ? 3 : 0;
}

async function examine(
  { name, look }: Examination,
  isFixing: boolean,
  signal: AbortSignal,
): Promise<Finding> {
  const finding = await look();
  if (!isFixing || finding.mend === undefined) return finding;
  process.stderr.write(`Mending ${name}: ${finding.detail}\n`);
  try {
    await finding.mend(signal);
  } catch (error) {
    signal.throwIfAborted();
    return {
      level: finding.level,
      detail: `${finding.detail} It could not be mended: ${messageOf(error)}`,
      fix: finding.fix,
    };
  }
  return look();
}

function lineOf(name: string, { level, detail, fix }: Finding): string {
  const [style, sign] = signs[level];
  const first = `${styleText(style, sign, { stream: process.stdout })} ${name.padEnd(9)} ${detail.replaceAll("\n", "\n            ")}`;
  return fix === undefined ? first : `${first}\n            → ${fix}`;
}
