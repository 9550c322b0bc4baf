import type { JsonSchema } from "./json-schema.ts";
import { markdownTable } from "./markdown-table.ts";

/** A table of all keys of a schema: `checks[].id`, its type, whether it has to be there, and what it means. */
export function keyTable(schema: JsonSchema): string {
  return markdownTable(["key", "type", "required", "meaning"], rowsOf(schema, ""));
}

function rowsOf(schema: JsonSchema, prefix: string): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const key = prefix + name;
    return [
      [`\`${key}\``, typeOf(property), requirement(schema, name, property), meaningOf(property)],
      ...rowsOf(valueOf(property), `${key}.`),
      ...rowsOf(valueOf(property).items ?? {}, `${key}[].`),
    ];
  });
}

/** The schema itself without the `null` that may stand beside it. */
function valueOf(schema: JsonSchema): JsonSchema {
  return schema.anyOf?.find(({ type }) => type !== "null") ?? schema;
}

function typeOf(schema: JsonSchema): string {
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(" or ");
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(", ");
  if (schema.type === "array") return `list of ${typeOf(schema.items ?? {})}`;
  const type = [schema.type ?? "any"].flat().join(" or ");
  return schema.format ? `${type} (${schema.format})` : type;
}

function requirement(parent: JsonSchema, name: string, property: JsonSchema): string {
  if (parent.required?.includes(name)) return "yes";
  return property.default === undefined || property.properties
    ? "no"
    : `no: \`${JSON.stringify(property.default)}\``;
}

function meaningOf(schema: JsonSchema): string {
  const meaning = schema.description ?? "";
  return schema.pattern && !schema.format ? `${meaning} Matches \`${schema.pattern}\`.` : meaning;
}
