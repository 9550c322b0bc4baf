import { Client } from "pg";
import type { KeptService } from "./kept-service.ts";

/** Database, user and password alike: it is reached from this machine alone. */
const fleet = "fleet";

/** PostgreSQL for a hire's own tries, with the database `fleet`. */
export const keptPostgres: KeptService = {
  name: "postgres",
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
      for (const schema of schemas) await client.query(schema);
    } finally {
      await client.end();
    }
  },
};

function urlAt(port: number): string {
  return `postgres://${fleet}:${fleet}@127.0.0.1:${port}/${fleet}`;
}
