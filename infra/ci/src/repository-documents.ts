import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The repository's root. */
export const repositoryRoot = join(import.meta.dirname, "../../..");

/** A Markdown file of the repository. */
export interface RepositoryDocument {
  /** Relative to the root. */
  readonly path: string;
  readonly text: string;
}

/** The Markdown files that people read: all but those of starters, solutions, variants and mutants. */
export function repositoryDocuments(): RepositoryDocument[] {
  const listing = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "*.md"];
  const paths = execFileSync("git", listing, { cwd: repositoryRoot, encoding: "utf8" });
  return paths
    .split("\0")
    .filter((path) => path !== "")
    .filter((path) => !/^exercises\/[^/]+\/(starter|solution|variants|mutants)\//.test(path))
    .map((path) => ({ path, text: readFileSync(join(repositoryRoot, path), "utf8") }));
}

/** The text without its blocks and spans of code. */
export function proseOf(markdown: string): string {
  return markdown.replaceAll(/^( *)(```|~~~)[\s\S]*?^ *\2 *$/gm, "").replaceAll(/`[^`\n]*`/g, "");
}

/** The targets of a document's links that are no addresses, without their fragments. */
export function relativeLinks(markdown: string): { target: string; fragment: string }[] {
  return Array.from(proseOf(markdown).matchAll(/\]\(([^()\s]+)\)/g), ([, link = ""]) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => {
      const [target = "", fragment = ""] = link.split("#");
      return { target, fragment };
    });
}

/** The fragments that a document's headings can be linked by, as GitHub makes them. */
export function headingFragments(markdown: string): string[] {
  const prose = markdown.replaceAll(/^( *)(```|~~~)[\s\S]*?^ *\2 *$/gm, "");
  return Array.from(prose.matchAll(/^#+ (.+)$/gm), ([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** Every `npx onramp …` that a document shows, as the words behind it. */
export function shownCommands(markdown: string): string[][] {
  return Array.from(
    markdown.matchAll(/npx (?:--no )?onramp(?![\w-])([^`\n|#;&>]*)/g),
    ([, words = ""]) => words.trim().split(/\s+/).filter(Boolean),
  );
}
