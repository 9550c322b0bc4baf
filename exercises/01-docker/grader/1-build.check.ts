import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "@onramp/grading/check-failure";
import { imagesNamed } from "@onramp/testbed/docker/build-log";
import { BuildFailure } from "@onramp/testbed/docker/build-failure";
import { buildCheckMs } from "@onramp/testbed/docker/builder";
import { isPinned } from "./image-reference.ts";
import { readDockerfile } from "@onramp/testbed/docker/run-build";
import { installSteps } from "./install-steps.ts";
import { leaveLaptopThings } from "./laptop.ts";
import { buildArguments, check, cleanImage, copyProject } from "./trip-api.ts";

check("builds-from-a-clean-context", { withinMs: buildCheckMs }, async ({ docker }, context) => {
  const files = await readFile(join(context.job.projectDirectory, "Dockerfile"), "utf8").catch(
    () => undefined,
  );
  if (files === undefined) {
    fail(
      "There is no Dockerfile yet. Write one in the exercise's directory, beside package.json.",
      {
        expected: "a file named Dockerfile",
        actual: "no such file",
      },
    );
  }
  try {
    await cleanImage(docker, context);
  } catch (error) {
    if (error instanceof BuildFailure) context.evidence("The builder's log", error.log);
    throw error;
  }
});

check("leaves-the-laptop-behind", { withinMs: buildCheckMs }, async ({ docker }, context) => {
  const { evidence, seed, signal } = context;
  await using project = await copyProject(context);
  const markers = await leaveLaptopThings(project.directory, seed);
  let image;
  try {
    image = await docker.builder.build(project.directory, buildArguments(seed), signal);
  } catch (error) {
    if (!(error instanceof BuildFailure)) throw error;
    evidence("The builder's log", error.log);
    fail(
      `With node_modules, .env and .npmrc of a laptop in the directory the image no longer builds. ${error.message}`,
      {
        expected: "the same build succeeds, because what lies on a laptop does not reach it",
        actual: error.actual ?? "the build failed",
      },
    );
  }
  const { layers, config } = await docker.contents(image.tag, markers);
  const commands =
    (JSON.parse(config) as { history?: { created_by?: string; empty_layer?: boolean }[] })
      .history ?? [];
  const layerCommands = commands
    .filter(({ empty_layer }) => empty_layer !== true)
    .map(({ created_by }) => created_by ?? "?");
  const leaks = layers.flatMap(({ found }, index) =>
    found.map(
      ({ path, marker }) =>
        `${marker.meaning} is in /${path}, in the layer of \`${layerCommands[index] ?? "?"}\``,
    ),
  );
  for (const { text, meaning } of markers) {
    if (config.includes(text)) leaks.push(`${meaning} is in the image's configuration or history`);
  }
  if (leaks.length === 0) return;
  evidence("What the image holds of the laptop", leaks.join("\n"));
  evidence("Layers of the image, from the base up", layerCommands.join("\n"));
  fail(`${leaks[0]}.${leaks.length > 1 ? ` And ${leaks.length - 1} more.` : ""}`, {
    expected:
      "neither node_modules nor .env nor .npmrc of the laptop in any layer, also in none that a later layer hides",
    actual: leaks.slice(0, 3).join("; "),
  });
});

/** A release beside the locked one: it exists, and the service would run with it. */
const otherFastify = "5.12.7";

check("keeps-the-lock", { withinMs: buildCheckMs }, async ({ docker }, context) => {
  const { evidence, seed, signal } = context;
  await using project = await copyProject(context);
  const file = join(project.directory, "package.json");
  const manifest = JSON.parse(await readFile(file, "utf8")) as {
    dependencies: Record<string, string>;
  };
  const locked = manifest.dependencies["fastify"];
  manifest.dependencies["fastify"] = otherFastify;
  await writeFile(file, JSON.stringify(manifest, null, 2));
  let image;
  try {
    image = await docker.builder.build(project.directory, buildArguments(seed), signal);
  } catch (error) {
    // What else could fail is the same as in the clean build, which succeeded.
    if (!(error instanceof BuildFailure) || error.reason !== "step") throw error;
    const { steps } = await cleanImage(docker, context);
    const byManifest = installSteps(steps, await readDockerfile(project.directory)).find(
      ({ install }) => install === "by package.json",
    );
    if (byManifest === undefined) return;
    evidence("The builder's steps", steps.map(({ name }) => name).join("\n"));
    fail(
      `One step refuses, but \`${byManifest.name}\` goes by package.json: what your packages need themselves comes in whatever version is the newest that day.`,
      { expected: "every step that installs goes by package-lock.json", actual: byManifest.name },
    );
  }
  evidence(
    "The steps that install",
    installSteps(image.steps, await readDockerfile(project.directory))
      .map(({ name, output }) => `${name}\n${output}`)
      .join("\n"),
  );
  fail(
    `package.json asked for fastify ${otherFastify}, the lock has ${locked}, and the image was built all the same: what it holds is not what was tested.`,
    {
      expected: "the build fails, because package.json and package-lock.json disagree",
      actual: "the build succeeded",
    },
  );
});

check("keeps-the-dependency-layer", { withinMs: buildCheckMs }, async ({ docker }, context) => {
  const { evidence, job, seed, signal } = context;
  await cleanImage(docker, context);
  await using project = await copyProject(context);
  // Not from the seed: with one that was used before, the builder's cache would know even this change.
  await appendFile(
    join(project.directory, "src/server.ts"),
    `\n// changed for grading ${job.gradingId}\n`,
  );
  const { steps } = await docker.builder.build(project.directory, buildArguments(seed), signal);
  evidence(
    "The builder's steps after the change",
    steps.map(({ name, isCached }) => `${isCached ? "CACHED" : "ran   "} ${name}`).join("\n"),
  );
  const installs = installSteps(steps, await readDockerfile(project.directory));
  if (installs.length === 0) {
    fail(
      "None of the builder's steps installs dependencies by npm (npm ci), so there is no layer of them to keep.",
      {
        expected: "a step such as `RUN npm ci`",
        actual: steps.map(({ name }) => name).join("; "),
      },
    );
  }
  const again = installs.filter(({ isCached }) => !isCached).map(({ name }) => name);
  if (again.length === 0) return;
  fail(`One line of src/server.ts was changed, and \`${again[0]}\` ran again.`, {
    expected: "every step that installs dependencies is CACHED when only a source file has changed",
    actual: `ran again: ${again.join("; ")}`,
  });
});

check("pins-its-base", {}, async ({ docker }, context) => {
  const { steps } = await cleanImage(docker, context);
  const named = imagesNamed(steps).map(({ ref }) => ref);
  context.evidence(
    "The images that the Dockerfile names, as the builder looked them up",
    named.join("\n"),
  );
  const floating = named.filter((ref) => !isPinned(ref));
  if (floating.length === 0) return;
  fail(`\`${floating[0]}\` names no version: tomorrow it may be another image.`, {
    expected: "a tag with a version number or the name of a distribution's release, or a digest",
    actual: floating.join(", "),
  });
});
