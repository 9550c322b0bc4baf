import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { codes } from "@onramp/errors/codes";
import { expect, test } from "vitest";
import { generatedDocs } from "./generated-docs.ts";
import { type JsonSchema, jsonSchemaOf } from "./json-schema.ts";
import { keyTable } from "./key-table.ts";
import { z } from "zod";

const root = join(import.meta.dirname, "../../..");
const docs = await generatedDocs();

test.each([...docs.keys()])("%s is what `npm run docs` writes", async (path) => {
  expect(await readFile(join(root, path), "utf8")).toBe(docs.get(path));
});

test("errors.md has a row for each code, and no other", () => {
  const rows = (docs.get("docs/reference/errors.md") ?? "").matchAll(/^\| `([A-Z_]+)`/gm);
  expect(new Set(Array.from(rows, ([, code]) => code))).toEqual(new Set(Object.keys(codes)));
});

test.each(["report", "scores", "exercise", "mutant", "variant"])(
  "every key of %s.schema.json is described",
  (name) => {
    const nameless: string[] = [];
    const visit = (schema: JsonSchema | undefined, path: string) => {
      for (const [key, property] of Object.entries(schema?.properties ?? {})) {
        if (!property.description) nameless.push(`${path}${key}`);
        const value = property.anyOf?.[0] ?? property;
        visit(value, `${path}${key}.`);
        visit(value.items, `${path}${key}[].`);
      }
    };
    visit(JSON.parse(docs.get(`docs/reference/${name}.schema.json`) ?? "{}"), "");
    expect(nameless).toEqual([]);
  },
);

test("a table of keys goes into objects and lists, and escapes pipes", () => {
  const schema = z.strictObject({
    name: z
      .string()
      .regex(/^(a|b)$/)
      .describe("One of two."),
    limits: z
      .strictObject({ files: z.int().default(50).describe("How many.") })
      .optional()
      .describe("Limits."),
    checks: z
      .array(z.strictObject({ id: z.string().nullable().describe("Its id.") }))
      .describe("Checks."),
  });
  expect(keyTable(jsonSchemaOf(schema, "input"))).toMatchInlineSnapshot(`
    "| key | type | required | meaning |
    | --- | --- | --- | --- |
    | \`name\` | string | yes | One of two. Matches \`^(a\\|b)$\`. |
    | \`limits\` | object | no | Limits. |
    | \`limits.files\` | integer | no: \`50\` | How many. |
    | \`checks\` | list of object | yes | Checks. |
    | \`checks[].id\` | string or null | yes | Its id. |"
  `);
});
