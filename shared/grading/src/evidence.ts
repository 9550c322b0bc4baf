import type { Evidence } from "./report.ts";

const longestText = 32_000;

/** Keeps what a check observed. */
export interface EvidenceRecorder {
  /** Adds a text under a title; a longer one than 32,000 characters loses its middle. */
  (title: string, text: string): void;
}

/** A recorder and the list that it fills. */
export function recordEvidence(): { record: EvidenceRecorder; collected: Evidence[] } {
  const collected: Evidence[] = [];
  return { collected, record: (title, text) => collected.push({ title, ...clip(text) }) };
}

function clip(text: string): Pick<Evidence, "text" | "truncated"> {
  if (text.length <= longestText) return { text, truncated: false };
  const half = longestText / 2;
  const left = text.length - longestText;
  return {
    text: `${text.slice(0, half)}\n… ${left} characters left out …\n${text.slice(-half)}`,
    truncated: true,
  };
}
