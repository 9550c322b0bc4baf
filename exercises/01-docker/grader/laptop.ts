import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Seed } from "@onramp/grading/seed";
import type { Marker } from "@onramp/testbed/docker/marker-finder";

/**
 * Puts into a project what lies in a developer's directory: node_modules of another machine, a .env with a password,
 * an .npmrc with a token for a private registry.
 * @returns the bytes that an image must not hold
 */
export async function leaveLaptopThings(project: string, seed: Seed): Promise<Marker[]> {
  const password = `pw-${seed.hex("laptop password", 24)}`;
  const token = `npm_${seed.hex("laptop token", 36)}`;
  const modules = `from-a-laptop-${seed.hex("laptop modules", 24)}`;
  const fastify = join(project, "node_modules/fastify");
  await mkdir(fastify, { recursive: true });
  await writeFile(
    join(fastify, "fastify.js"),
    `throw new Error("This is the fastify of a laptop. ${modules}");\n`,
  );
  await writeFile(join(project, "node_modules/.from-a-laptop"), `${modules}\n`);
  await writeFile(join(project, ".env"), `DATABASE_PASSWORD=${password}\n`);
  await writeFile(
    join(project, ".npmrc"),
    `@fleet:registry=https://npm.fleet.example/\n//npm.fleet.example/:_authToken=${token}\n`,
  );
  return [
    { text: token, meaning: "the token of .npmrc" },
    { text: password, meaning: "the password of .env" },
    { text: modules, meaning: "the laptop's node_modules" },
  ];
}
