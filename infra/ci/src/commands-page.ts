import type { CommandDefinition } from "@onramp/cli/command";
import { wholeProgram } from "@onramp/cli/program";
import { markdownTable } from "./markdown-table.ts";

type Command = Awaited<ReturnType<typeof wholeProgram>>["program"];
type Argument = Command["registeredArguments"][number];
type Option = Command["options"][number];

const audiences: Readonly<Record<CommandDefinition["audience"], string>> = {
  hire: "For hires",
  mentor: "For mentors",
  CI: "For CI",
  author: "For authors",
};

/** `docs/reference/commands.md`: every command by its audience, from the definitions that `--help` shows. */
export async function commandsPage(): Promise<string> {
  const { program, definitions } = await wholeProgram();
  const sections = Object.entries(audiences).flatMap(([audience, heading]) => {
    const commands = program.commands.filter(
      (command) => definitions.get(command.name())?.audience === audience,
    );
    return commands.length === 0 ? [] : [`## ${heading}`, ...commands.map(commandSection)];
  });
  return [introduction, ...sections].join("\n\n");
}

function commandSection(command: Command): string {
  return [
    `### ${command.name()}`,
    command.description(),
    ...usageOf(command),
    ...command.commands.flatMap((subcommand) => [
      `#### ${command.name()} ${subcommand.name()}`,
      `${sentence(subcommand.description())}${isDefault(command, subcommand) ? " This is what the command does when no other is named." : ""}`,
      ...usageOf(subcommand, command.name()),
    ]),
  ].join("\n\n");
}

function usageOf(command: Command, parent = ""): string[] {
  const own = command.registeredArguments.map(placeholder);
  const isGroup = command.commands.length > 0;
  const words = ["npx onramp", parent, command.name(), isGroup ? "[COMMAND]" : "", ...own];
  const options = command.options.length > 0 ? "[options]" : "";
  const usage = [...words, options].filter((word) => word !== "").join(" ");
  const rows = [...command.registeredArguments.map(argumentRow), ...command.options.map(optionRow)];
  const table = rows.length === 0 ? [] : [markdownTable(["argument or option", "meaning"], rows)];
  return [fenced(usage), ...table, ...helpAfter(command)];
}

function placeholder(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

function argumentRow(argument: Argument): string[] {
  return [`\`${placeholder(argument)}\``, withDefault(argument.description, argument)];
}

function optionRow(option: Option): string[] {
  return [
    `\`${option.flags}\``,
    withDefault(option.mandatory ? `${option.description}; required` : option.description, option),
  ];
}

function withDefault(description: string, { defaultValue }: Argument | Option): string {
  return defaultValue === undefined
    ? description
    : `${description} (default: ${String(defaultValue)})`;
}

/** The text that a command adds behind its help: examples become a block of code, sentences stay sentences. */
function helpAfter(command: Command): string[] {
  let text = "";
  const output = { write: (part: string) => void (text += part) };
  command.configureOutput({ ...command.configureOutput(), writeOut: output.write });
  command.outputHelp();
  const after = text.slice(command.helpInformation().length);
  return after
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== "")
    .map((paragraph) => {
      const [first = "", ...lines] = paragraph.split("\n");
      return /^Examples?:$/.test(first)
        ? fenced(lines.map((line) => line.trim()).join("\n"))
        : paragraph;
    });
}

function isDefault(command: Command, subcommand: Command): boolean {
  // commander keeps this to itself and shows it in no help.
  const { _defaultCommandName: name } = command as unknown as { _defaultCommandName?: string };
  return name === subcommand.name();
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;
}

function fenced(text: string): string {
  return `\`\`\`sh\n${text}\n\`\`\``;
}

const introduction = `# Commands

\`npx onramp\` works from anywhere in the repository. Alone it says where you stand and what to do next. Every command has \`--help\`, and every failure names the next command to try.

Where an exercise may be left out, it is the one that you are at: that whose directory below \`work\` you are in, else, of those that you have begun and not passed, the one that you graded last or the first, else the first that you have not passed. \`submit\` takes one that has passed and was not submitted before these.

Data goes to stdout, progress and errors to stderr. Colours are off when the output is no terminal, and when \`NO_COLOR\` is set.

| exit code | meaning |
| --- | --- |
| 0 | it was done; for \`grade\`: every check passed |
| 1 | \`grade\`, \`verify\`: something failed; \`score\`: a score is under \`--fail-under\` |
| 2 | wrong usage: unknown command, exercise or option |
| 3 | a fault of ours: not graded |
| 4 | the submission cannot be taken |
| 130 | interrupted |

\`start\`, \`review\` and \`score\` do not end with 1 for a low score; \`start\` and \`review\` not with 4 either, when the submission cannot be taken. Messages carry a code: [error codes](errors.md).`;
