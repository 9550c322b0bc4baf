import { randomBytes } from "node:crypto";
import type { Database } from "../postgres/database.ts";
import type { PostgresService } from "../postgres/postgres-service.ts";

/** Makes the database that an Airflow keeps its metadata in. */
export async function createMetadata(postgres: PostgresService, name: string): Promise<Database> {
  return postgres.createDatabase(name, randomBytes(16).toString("hex"), "SELECT 1");
}

/** The settings by which Airflow finds it, with the secret that the tasks' tokens are signed with. */
export function metadataEnvironment(uri: string): Record<string, string> {
  return {
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: uri.replace(/^postgres:/, "postgresql+psycopg2:"),
    AIRFLOW__API_AUTH__JWT_SECRET: randomBytes(32).toString("hex"),
  };
}
