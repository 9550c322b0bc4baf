import { readFile } from "node:fs/promises";
import { OnrampError, messageOf } from "@onramp/errors/onramp-error";
import { closest, distance } from "fastest-levenshtein";
import { parse } from "yaml";
import { z } from "zod";

/**
 * Reads and validates a YAML manifest.
 * @throws {OnrampError} MANIFEST_INVALID that names the file, each wrong key and, for an unknown one, the nearest known
 */
export async function readManifest<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw new OnrampError("MANIFEST_INVALID", `${file} cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
  let data: unknown;
  try {
    data = parse(text);
  } catch (error) {
    throw new OnrampError("MANIFEST_INVALID", `${file} is not YAML: ${messageOf(error)}`, {
      cause: error,
    });
  }
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `  ${describeIssue(issue, schema)}`);
  throw new OnrampError("MANIFEST_INVALID", `${file} breaks its schema:\n${problems.join("\n")}`);
}

function describeIssue(issue: z.core.$ZodIssue, schema: z.ZodType): string {
  const where = issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
  if (issue.code !== "unrecognized_keys") return `${where}${issue.message}`;
  const known = keysAt(z.toJSONSchema(schema, { io: "input" }), issue.path);
  return issue.keys
    .map((key) => `${where}there is no key \`${key}\`.${nearestTo(key, known)}`)
    .join("\n  ");
}

function nearestTo(key: string, known: string[]): string {
  if (known.length === 0) return "";
  const near = closest(key, known);
  return distance(key, near) <= 3
    ? ` Did you mean \`${near}\`?`
    : ` Known keys: ${known.join(", ")}.`;
}

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
}

function keysAt(root: object, path: readonly PropertyKey[]): string[] {
  let node: JsonSchema | undefined = root;
  for (const part of path)
    node = typeof part === "number" ? node?.items : node?.properties?.[String(part)];
  return Object.keys(node?.properties ?? {});
}
