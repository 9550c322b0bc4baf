import type { ImageState } from "@onramp/images/image-states";
import { padEnd } from "@onramp/reports/terminal-text";

/** The images as an aligned table. */
export function imageTable(states: readonly ImageState[]): string {
  const rows = [
    ["NAME", "IMAGE", "ORIGIN", "SIZE", "STATE", "PURPOSE"],
    ...states.map(({ name, ref, origin, sizeBytes, state, purpose }) => [
      name,
      ref,
      origin ?? "-",
      state === "missing" ? "-" : `${Math.round(sizeBytes / 1e6)} MB`,
      state,
      purpose,
    ]),
  ];
  const widths = rows[0]?.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => padEnd(cell, widths?.[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
