import { OnrampError } from "@onramp/errors/onramp-error";
import { Client, DatabaseError } from "pg";
import type { KeptService } from "./kept-service.ts";

/** Database, user and password alike: it is reached from this machine alone. */
export const fleet = "fleet";

/** PostgreSQL for a hire's own tries, with the database `fleet`. */
export const keptPostgres: KeptService = {
  name: "postgres",
  images: ["postgres"],
  title: "PostgreSQL",
  container: "onramp-postgres",
  preferredPort: 5432,
  innerPort: 5432,
  holds: "tables and rows",
  look: `docker exec -it onramp-postgres psql --username ${fleet} ${fleet}`,
  environment: () => ({
    POSTGRES_DB: fleet,
    POSTGRES_USER: fleet,
    POSTGRES_PASSWORD: fleet,
    // Half a second sooner: what is lost with the machine is started anew anyway.
    POSTGRES_INITDB_ARGS: "--no-sync",
  }),
  variables: (port) => ({ DATABASE_URL: urlAt(port) }),
  async fill(port, { schemas }) {
    const client = new Client({ connectionString: urlAt(port), connectionTimeoutMillis: 5000 });
    // A server that dies is found by its container; without a listener it would end the command.
    client.on("error", () => {});
    try {
      await client.connect();
      // Servers tell of tables that are there already as a notice, and nobody is to read that.
      await client.query("SET client_min_messages = warning");
      for (const schema of schemas) await client.query(schema).catch(refuse);
    } finally {
      await client.end();
    }
  },
};

/** A schema that the server does not understand will not get better by waiting. */
function refuse(error: unknown): never {
  // Class 42 of SQLSTATE: a syntax error or a broken rule. https://www.postgresql.org/docs/15/errcodes-appendix.html
  if (!(error instanceof DatabaseError) || !error.code?.startsWith("42")) throw error;
  throw new OnrampError(
    "LAYOUT_INVALID",
    `PostgreSQL does not take a \`schema.sql\` of the exercises: ${error.message}.`,
    { cause: error, fix: "Mend it, below `exercises/`, and run the command again." },
  );
}

function urlAt(port: number): string {
  return `postgres://${fleet}:${fleet}@127.0.0.1:${port}/${fleet}`;
}
