import { z } from "zod";

/** As much of JSON Schema as the kit's schemas use. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

/** The JSON Schema of what is written (`output`) or of what people type (`input`, where defaults may be left out). */
export function jsonSchemaOf(schema: z.ZodType, io: "input" | "output"): JsonSchema {
  return z.toJSONSchema(schema, {
    io,
    // The largest safe integer is JavaScript's limit, not a rule of the format.
    override: ({ jsonSchema }) => {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  }) as JsonSchema;
}

/** A JSON Schema as a file, with its name at the top. */
export function schemaFile(title: string, schema: JsonSchema): string {
  const { $schema, ...rest } = schema as JsonSchema & { $schema?: string };
  return JSON.stringify({ $schema, title, ...rest }, null, 2);
}
