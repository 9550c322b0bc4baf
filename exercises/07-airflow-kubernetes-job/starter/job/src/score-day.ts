import { readSettings } from "./settings.ts";

const settings = readSettings(process.env);

// Your work begins here.
console.error(`Nothing is read from ${settings.tripsTopic} yet.`);
process.exitCode = 1;
