import { Command, CommanderError } from "commander";
import { OnrampError } from "@onramp/errors/onramp-error";
import { closest } from "./closest.ts";
import type { CommandDefinition } from "./command.ts";
import { commands } from "./commands.ts";
import { printError } from "./print-error.ts";

/** Adds the named command to a commander program. */
export function addCommand(program: Command, name: string, definition: CommandDefinition): Command {
  const command = new Command(name)
    .exitOverride()
    .showHelpAfterError(false)
    .helpOption("--help", "show this help");
  command.configureOutput({ outputError: () => {} });
  definition.configure(command);
  program.addCommand(command);
  return command;
}

/** The program with every command loaded: for the help and for the generated reference. */
export async function wholeProgram(): Promise<{
  program: Command;
  definitions: Map<string, CommandDefinition>;
}> {
  const program = newProgram();
  const definitions = new Map<string, CommandDefinition>();
  for (const [name, load] of Object.entries(commands)) {
    const { default: definition } = await load();
    definitions.set(name, definition);
    addCommand(program, name, definition);
  }
  return { program, definitions };
}

/**
 * Runs `onramp` with these arguments.
 * @returns the exit code: 0 or what the command set in `process.exitCode`, 2 for wrong usage, else the error's own.
 */
export async function run(argv: readonly string[]): Promise<number> {
  try {
    // `onramp help grade` is `onramp grade --help`.
    if (argv[0] === "help" && argv[1] !== undefined) return await run([argv[1], "--help"]);
    const [name] = argv;
    if (name === undefined) {
      const { printWhereYouStand } = await import("./where-you-stand.ts");
      await printWhereYouStand();
      return 0;
    }
    if (name === "--help" || name === "-h" || name === "help") {
      const { program } = await wholeProgram();
      process.stdout.write(program.helpInformation());
      return 0;
    }
    const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (load === undefined) {
      const near = closest(name, Object.keys(commands));
      throw new OnrampError(
        "USAGE",
        `There is no command \`${name}\`.${near ? ` Did you mean \`${near}\`?` : ""}`,
      );
    }
    const program = newProgram();
    addCommand(program, name, (await load()).default);
    await program.parseAsync([...argv], { from: "user" });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      const fix = `Run \`npx onramp ${argv[0]} --help\` for its arguments and options.`;
      return printError(new OnrampError("USAGE", sentence(error.message), { fix }));
    }
    return printError(error);
  }
}

function newProgram(): Command {
  return new Command("onramp")
    .description(
      "Staged exercises on the team's real stack, with graders that run on the real services.",
    )
    .usage("COMMAND [options]")
    .helpOption("--help", "show this help")
    .exitOverride()
    .addHelpText("after", "\nWithout a command: where you stand, and what to do next.");
}

function sentence(message: string): string {
  const text = message.replace(/^error: /, "");
  return text.charAt(0).toUpperCase() + text.slice(1) + (text.endsWith(".") ? "" : ".");
}
