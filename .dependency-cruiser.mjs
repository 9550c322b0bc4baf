const libraries = [
  "engine",
  "errors",
  "exercise",
  "grading",
  "images",
  "reports",
  "submission",
  "testbed",
];

// The arrows of the design: which package may import which.
const arrows = {
  errors: [],
  engine: ["errors"],
  exercise: ["errors"],
  images: ["engine", "errors"],
  submission: ["exercise", "errors"],
  grading: ["exercise", "submission", "errors"],
  testbed: ["images", "engine", "grading", "errors"],
  reports: ["errors"], // and the report of grading, see below
  cli: libraries,
  // These two stand outside, and nobody imports them: CI starts the command line, the bench measures it.
  ci: ["cli", ...libraries],
  bench: ["cli", ...libraries],
};

const placeOf = (name) => `^(shared|infra)/${name}/`;
const anyPackage = "^(shared|infra|exercises)/[^/]+/";

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    ...Object.entries(arrows).map(([name, targets]) => ({
      name: `arrows-of-${name}`,
      comment: `${name} may import ${["itself", ...targets].join(", ")}${name === "reports" ? ", the report of grading" : ""}.`,
      severity: "error",
      from: { path: placeOf(name) },
      to: {
        path: anyPackage,
        pathNot: [
          ...[name, ...targets].map(placeOf),
          ...(name === "reports" ? ["^shared/grading/src/report\\.ts$"] : []),
        ],
      },
    })),
    {
      name: "arrows-of-an-exercise",
      comment: "An exercise may import grading and testbed, and its own files.",
      severity: "error",
      from: { path: "^exercises/([^/]+)/" },
      to: { path: anyPackage, pathNot: ["^exercises/$1/", placeOf("grading"), placeOf("testbed")] },
    },
    {
      name: "arrows-known",
      comment: "A new package gets a line in the table of arrows.",
      severity: "error",
      from: { path: "^(shared|infra)/", pathNot: Object.keys(arrows).map(placeOf) },
      to: {},
    },
    {
      name: "starter-alone",
      comment: "What a hire gets does not know the kit.",
      severity: "error",
      from: { path: "^exercises/[^/]+/(starter|solution|variants|mutants)/" },
      to: { path: ["^(shared|infra)/", "^exercises/[^/]+/grader/"] },
    },
    {
      name: "packages-by-name",
      comment:
        "Another package's file is imported by its package's name, never by a relative path.",
      severity: "error",
      from: { path: "^(?:shared|infra|exercises)/([^/]+)/" },
      to: {
        path: anyPackage,
        pathNot: "^(?:shared|infra|exercises)/$1/",
        dependencyTypes: ["local"],
      },
    },
    {
      name: "no-cycles",
      comment: "Files that import each other in a circle are one thing in two files.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "resolvable",
      comment: "Every import leads to a file or to a package that is installed.",
      severity: "error",
      // A starter's own packages are installed where a hire works, not here.
      from: { pathNot: "^exercises/[^/]+/(starter|solution|variants|mutants)/" },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // TypeScript 7 has no interface for programs; swc reads the imports, those of types too.
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)node_modules/(?!@onramp/)" },
    moduleSystems: ["es6"],
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default"],
      extensions: [".ts", ".mjs", ".js"],
    },
  },
};
